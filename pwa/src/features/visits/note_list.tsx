/** The quick notes that wait on Heute: each becomes a contact, or is thrown away. */
import { useEffect, useId, useState } from "preact/hooks";
import { drafts, notes } from "../../platform/drafts";
import { problemText, useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { formatMoment } from "../../ui/dates";
import { CardList, Disc, Note, Section } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { noteKey } from "./draft_keys";
import { UNREADABLE_TEXT } from "./model";
import { discardNote, type QuickNote, waitingNotes } from "./note_store";

/** Of more than `MOST` only the first few: below them the day begins. */
const MOST = 3;
const FIRST = 2;

/** „Schnellnotizen“; one whose contact was begun stands among the drafts. */
export function NoteList() {
  const [{ all, problem }, setState] = useState<Read>({ all: [], problem: null });
  const [unfolded, setUnfolded] = useState(false);
  const ids = notes.value;
  // Read anew whenever the list has changed.
  useEffect(() => {
    let shown = true;
    const show = (state: Read) => shown && setState(state);
    waitingNotes().then(
      (all) => show({ all, problem: null }),
      (error: unknown) => show({ all: [], problem: problemText(error) }),
    );
    return () => {
      shown = false;
    };
  }, [ids]);
  const begun = new Set(drafts.value.map(({ key }) => key));
  const open = all.filter(({ id }) => !begun.has(noteKey(id)));
  const shown = unfolded || open.length <= MOST ? open : open.slice(0, FIRST);
  if (open.length === 0 && problem === null) return null;
  return (
    <Section title="Schnellnotizen">
      {problem !== null && <Note tone="stop" title={problem} alert />}
      {open.length > 0 && (
        <CardList>
          {shown.map((note) => (
            <OneNote key={note.id} note={note} />
          ))}
        </CardList>
      )}
      {shown.length < open.length && (
        <Button look="soft" onClick={() => setUnfolded(true)}>
          {`${open.length - shown.length} weitere Schnellnotizen zeigen`}
        </Button>
      )}
    </Section>
  );
}

interface Read {
  all: QuickNote[];
  problem: string | null;
}

function OneNote({ note }: { note: QuickNote }) {
  const id = useId();
  const when = formatMoment(note.at, useNow());
  const [asking, setAsking] = useState(false);
  const discarding = useAction(async () => {
    await discardNote(note.id);
    say("Schnellnotiz verworfen", "trash");
  });
  return (
    <li>
      <div class="zz-item" id={id}>
        <Disc icon="edit" tone="wait" />
        <span class="zz-item__t">
          <b>{when}</b>
          <span class="zz-clip">{note.text ?? UNREADABLE_TEXT}</span>
        </span>
      </div>
      {discarding.problem !== null && <Note tone="stop" title={discarding.problem} alert />}
      <div class="zz-item__do">
        <Button describedBy={id} busy={discarding.busy} onClick={() => setAsking(true)}>
          Verwerfen
        </Button>
        {note.text !== null && <Button href={`/kontakt?notiz=${note.id}`}>Fall zuordnen</Button>}
      </div>
      <Confirm
        open={asking}
        title="Schnellnotiz verwerfen?"
        action="Verwerfen"
        cancel="Behalten"
        destroys
        onConfirm={() => {
          setAsking(false);
          void discarding.run();
        }}
        onClose={() => setAsking(false)}
      >
        <p>Die Notiz gibt es nur auf diesem Telefon. Danach ist sie endgültig verloren.</p>
      </Confirm>
    </li>
  );
}
