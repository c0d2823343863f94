/** „Schnellnotizen“ on Heute: loaded when some wait, which is seldom. */
import { notes } from "../../platform/drafts";
import { later } from "../../ui/later";

const list = later(() => import("./pages").then((file) => file.NoteList));

/** Nothing, or what was written while the phone was locked. */
export function QuickNotes() {
  return notes.value.length > 0 ? <list.Part /> : null;
}
