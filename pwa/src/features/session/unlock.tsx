/** The lock: nothing but the way in. Works without a network. */
import { useEffect, useRef, useState } from "preact/hooks";
import { notes } from "../../platform/drafts";
import {
  type Account,
  accounts,
  lockedAt,
  unlock,
  unlockByPasskey,
  unsentWhileLocked,
  WrongPassword,
} from "../../platform/session";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { PASSWORD_MISSING, PasswordField, useRequired } from "../../ui/fields";
import { Icon } from "../../ui/icons";
import { later } from "../../ui/later";
import { CardList, Item, Note } from "../../ui/parts";
import { LockFrame } from "./lock_frame";
import { lockedSince, nextTry, safeHere, takesNotes } from "./model";
import { SignInScreen } from "./sign_in";

type View =
  | { kind: "unlock"; account: Account | null }
  | { kind: "note"; account: Account | null; user: string }
  | { kind: "people" }
  | { kind: "sign_in" };

const note = later(() => import("./note_form").then((file) => file.NoteForm));

/** Unlocks the store of the person who used this phone last, or of another one. */
export function UnlockScreen() {
  const [view, setView] = useState<View>({ kind: "unlock", account: null });
  const last = accounts.value[0];
  if (view.kind === "sign_in" || !last) {
    return <SignInScreen onBack={last && (() => setView({ kind: "people" }))} />;
  }
  if (view.kind === "people") return <People onView={setView} />;
  const { account } = view;
  if (view.kind === "note") {
    return <note.Part user={view.user} onDone={() => setView({ kind: "unlock", account })} />;
  }
  const { user } = account ?? last;
  return (
    <Unlock
      key={account?.user}
      account={account ?? last}
      named={account !== null}
      onNote={() => setView({ kind: "note", account, user })}
      onOther={() => setView({ kind: "people" })}
    />
  );
}

interface UnlockProps {
  account: Account;
  /** The person was chosen by name just now, so it may be shown. */
  named: boolean;
  onNote: () => void;
  onOther: () => void;
}

function Unlock({ account, named, onNote, onOther }: UnlockProps) {
  const now = useNow();
  const [password, setPassword] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const required = useRequired(form);
  const opening = useAction((way: () => Promise<void>) => way());
  const waits = useWait(opening.error);
  const byPhone = account.hasPasskey;
  // Beside the finger's button a keyboard would only be in the way.
  useEffect(() => (byPhone ? undefined : field.current?.focus()), [byPhone]);
  const safe = !named && safeHere(unsentWhileLocked.value, notes.value.length);
  return (
    <LockFrame name="Gesperrt" sub={named ? account.displayName : lockedSince(lockedAt.value, now)}>
      <form
        ref={form}
        class="zz-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (waits > 0 || !required.filled(password)) return;
          const typed = () => unlock(account.user, password);
          void opening.run(typed).then((well) => well || field.current?.select());
        }}
      >
        {safe && (
          <p class="zz-row zz-row--center zz-s">
            <Icon name="mobile" small />
            {safe}
          </p>
        )}
        {opening.problem && (
          <Note tone="stop" alert title={opening.problem}>
            {waits > 0 && <p aria-live="off">{nextTry(waits)}</p>}
          </Note>
        )}
        {byPhone && (
          <Button
            kind="primary"
            look="xl"
            icon="finger"
            busy={opening.busy}
            onClick={() => void opening.run(() => unlockByPasskey(account.user))}
          >
            Mit Finger&shy;abdruck ent&shy;sperren
          </Button>
        )}
        <PasswordField
          label="Passwort"
          value={password}
          onInput={setPassword}
          error={required.says(password, PASSWORD_MISSING)}
          autocomplete="current-password"
          inputRef={field}
          required
        />
        <Button
          kind={byPhone ? "secondary" : "primary"}
          type="submit"
          icon="lock"
          busy={opening.busy}
          disabled={waits > 0}
        >
          {opening.busy ? "Wird entsperrt …" : "Entsperren"}
        </Button>
        {takesNotes(account) && (
          <Button kind="tertiary" icon="edit" onClick={onNote}>
            Schnellnotiz
          </Button>
        )}
        <Button kind="tertiary" onClick={onOther}>
          Andere Person
        </Button>
      </form>
    </LockFrame>
  );
}

/** Seconds until the next try, counting down; 0 when there is nothing to wait for. */
function useWait(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(error instanceof WrongPassword ? Math.ceil(error.waitSeconds) : 0);
  }, [error]);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

function People({ onView }: { onView: (view: View) => void }) {
  return (
    <LockFrame name="Andere Person" sub="Wer möchte dieses Telefon benutzen?">
      <CardList label="Personen auf diesem Telefon">
        {accounts.value.map((account) => (
          <Item
            key={account.user}
            icon="person"
            title={account.displayName}
            note={account.name}
            onClick={() => onView({ kind: "unlock", account })}
          />
        ))}
        <Item
          icon="personplus"
          tone="accent"
          title="Neu anmelden"
          note="Die Einträge der anderen bleiben unberührt."
          onClick={() => onView({ kind: "sign_in" })}
        />
      </CardList>
      <Button kind="tertiary" onClick={() => onView({ kind: "unlock", account: null })}>
        Zurück
      </Button>
    </LockFrame>
  );
}
