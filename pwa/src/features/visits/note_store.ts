/** Quick notes on their way into a contact. Note and contact share an id: so none is saved twice. */
import { discardNote, type QuickNote, readNotes } from "../../platform/notes";
import { readRow } from "../../platform/read_row";
import { toLocalInput } from "../../ui/dates";
import { noteKey } from "./draft_keys";
import { blankContact } from "./form";
import { type ContactDraft, contactDrafts, DRAFT_VERSION, newContactDraft } from "./store";

export { discardNote, type QuickNote };

/** The notes that wait; one whose contact was saved right before the app was killed goes now. */
export async function waitingNotes(): Promise<QuickNote[]> {
  const all = await readNotes();
  const rows = await Promise.all(all.map(({ id }) => readRow("visit", id)));
  const saved = all.filter((_, i) => rows[i] !== undefined);
  for (const { id } of saved) await discardNote(id);
  return all.filter((note) => !saved.includes(note));
}

/**
 * The note with this id, to make a contact of; null when it was assigned or thrown away. The draft
 * of a contact that was saved is dropped with it, unless it holds newer words.
 */
export async function noteFor(id: string): Promise<QuickNote | null> {
  await contactDrafts.load(noteKey(id), DRAFT_VERSION);
  return (await waitingNotes()).find((note) => note.id === id) ?? null;
}

/** A contact with the words and the time of a note; the rest is asked. */
export function contactOf({ id, at, text }: QuickNote): ContactDraft {
  const form = { ...blankContact(toLocalInput(at), null), observation: text ?? "" };
  return { ...newContactDraft(form), id };
}
