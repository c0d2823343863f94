/** What most days do without, fetched together: each file of its own would weigh on every start. */
export { NoteContact } from "./note_contact";
export { NoteList } from "./note_list";
export { VerbisScreen } from "./verbis_screen";
