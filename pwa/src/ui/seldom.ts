/** Parts of screens that most days do without: one file to fetch, and one entry for all of them. */
export { ChangeList } from "./change_list";
export { VersionsShown } from "./versions_shown";
