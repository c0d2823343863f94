/** What quick notes need once there are some: one file to fetch, and one entry for all of it. */
export { NoteContact } from "./note_contact";
export { NoteList } from "./note_list";
