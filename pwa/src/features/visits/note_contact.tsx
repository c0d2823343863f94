/** „Fall zuordnen“: the contact form with what a quick note says. */
import { useEffect, useState } from "preact/hooks";
import { mayHaveDraft } from "../../platform/drafts";
import { problemText } from "../../ui/action";
import { toLocalInput } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { Empty, Loading, Note } from "../../ui/parts";
import { ContactFormScreen } from "./contact_form";
import { noteKey } from "./draft_keys";
import { blankContact } from "./form";
import { contactOf, discardNote, noteFor, type QuickNote } from "./note_store";
import { newContactDraft } from "./store";

const NAME = "Kontakt festhalten";

/** /kontakt?notiz=<id>; the note goes once its contact is saved. */
export function NoteContact({ id }: { id: string }) {
  const [note, setNote] = useState<QuickNote | null>();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    noteFor(id).then(setNote, (error: unknown) => setProblem(problemText(error)));
  }, [id]);
  if (problem !== null || note === undefined) {
    return (
      <TaskScreen name={NAME} back="/heute">
        {problem === null ? <Loading /> : <Note tone="stop" title={problem} alert />}
      </TaskScreen>
    );
  }
  if (note === null && !mayHaveDraft(noteKey(id))) return <Gone />;
  return (
    <ContactFormScreen
      name={NAME}
      draftKey={noteKey(id)}
      back="/heute"
      aside
      blank={() =>
        note ? contactOf(note) : newContactDraft(blankContact(toLocalInput(Date.now()), null))
      }
      onSaved={() => discardNote(id)}
    />
  );
}

function Gone() {
  return (
    <TaskScreen name={NAME} back="/heute">
      <Empty icon="edit" title="Diese Schnellnotiz wartet nicht mehr">
        <p class="zz-muted">Sie wurde einem Fall zugeordnet oder verworfen.</p>
      </Empty>
    </TaskScreen>
  );
}
