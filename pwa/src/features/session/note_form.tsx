/** „Schnellnotiz“: a few lines while locked, sealed for whoever unlocks this phone, about nobody yet. */
import { useEffect, useRef, useState } from "preact/hooks";
import { NotePad } from "../../platform/notes";
import { holdForm } from "../../platform/updates";
import { useAction } from "../../ui/action";
import { hush, say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { TextArea, useRequired } from "../../ui/fields";
import { Note } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { type DraftForm, type DraftStore, useDraft } from "../../ui/use_draft";
import { LockFrame } from "./lock_frame";

interface NoteFormProps {
  user: string;
  /** Back to the lock. */
  onDone: () => void;
}

/** What is typed is sealed as one types: a kill leaves a note that waits. */
export function NoteForm({ user, onDone }: NoteFormProps) {
  const [pad] = useState(() => new NotePad(user));
  const [store] = useState(() => draftOn(pad));
  const draft = useDraft<string>(pad.id, 1, store, () => "");
  const text = draft.value ?? "";
  const form = useRef<HTMLFormElement>(null);
  const required = useRequired(form);
  useEffect(() => {
    // What was said of the note before this one.
    hush();
    form.current?.querySelector("textarea")?.focus();
  }, []);
  const sealing = useAction(async () => {
    await pad.keep(text);
    say("Auf diesem Telefon gespeichert", "mobile");
    onDone();
  });
  return (
    <LockFrame name="Schnellnotiz" sub="Schnellnotiz, ohne zu entsperren">
      <form
        ref={form}
        class="zz-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (required.filled(text.trim())) void sealing.run();
        }}
      >
        <NotSealed problem={sealing.problem} failed={draft.failed} />
        <TextArea
          label="Notiz"
          hint="Sie wird versiegelt: Lesen können Sie sie erst nach dem Entsperren. Dann steht sie auf Heute, und Sie ordnen sie einem Fall zu."
          name="quick_note"
          error={required.says(text.trim(), "Bitte schreiben Sie zuerst die Notiz.")}
          rows={6}
          value={text}
          onInput={(next) => draft.change(next)}
        />
        <Button kind="primary" type="submit" busy={sealing.busy}>
          Versiegeln
        </Button>
        <Leave draft={draft} empty={text.trim() === ""} onDone={onDone} />
      </form>
    </LockFrame>
  );
}

/** The pad as what a form keeps its draft in. It is never read: whoever is locked out holds no key. */
function draftOn(pad: NotePad): DraftStore {
  return {
    mayHave: () => false,
    load: async () => null,
    save: (_key, _version, text) => pad.keep(text as string),
    discard: () => pad.discard(),
    hold: () => {
      const release = holdForm();
      return () => {
        release();
        void pad.close();
      };
    },
  };
}

function NotSealed({ problem, failed }: { problem: string | null; failed: boolean }) {
  if (problem !== null)
    return (
      <Note tone="stop" title="Noch nicht gespeichert" alert>
        {problem} Ihr Text steht weiter hier.
      </Note>
    );
  if (!failed) return null;
  return (
    <Note tone="wait" title="Die Notiz lässt sich gerade nicht sichern" alert>
      Bitte versiegeln Sie sie, bevor Sie die App verlassen.
    </Note>
  );
}

interface LeaveProps {
  draft: DraftForm<string>;
  empty: boolean;
  onDone: () => void;
}

/** Without a note, the way back; the only way to lose one. */
function Leave({ draft, empty, onDone }: LeaveProps) {
  const [asking, setAsking] = useState(false);
  const discarding = useAction(async () => {
    await draft.discard();
    onDone();
  });
  return (
    <>
      {discarding.problem !== null && <Note tone="stop" title={discarding.problem} alert />}
      <Button
        kind="tertiary"
        busy={discarding.busy}
        onClick={() => (empty ? void discarding.run() : setAsking(true))}
      >
        {empty ? "Zurück" : "Verwerfen"}
      </Button>
      <Confirm
        open={asking}
        title="Schnellnotiz verwerfen?"
        action="Verwerfen"
        cancel="Weiterschreiben"
        destroys
        onConfirm={() => {
          setAsking(false);
          void discarding.run();
        }}
        onClose={() => setAsking(false)}
      >
        <p>Was Sie geschrieben haben, geht verloren.</p>
      </Confirm>
    </>
  );
}
