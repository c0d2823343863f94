/** What a team seldom needs, fetched together: each file of its own would weigh on every start. */
export { CompareScreen } from "./compare_screen";
export { RecoverScreen } from "./recover_screen";
export { TeamScreen } from "./screen";
export { SheetScreen } from "./sheet_screen";
export { WaitingScreen } from "./waiting_screen";
