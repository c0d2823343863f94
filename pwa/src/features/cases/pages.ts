/** What most days do without, fetched together: each file of its own would weigh on every start. */
export { EditCaseScreen, NewCaseScreen } from "./case_form";
export { OlderCases } from "./older_cases";
