/** What most days do without: one file to fetch, and one entry for all of it. */
export { historyOf, livingWrites } from "./history";
