/** What reading a file needs of others' code; loaded with the first list. */
export { parseCsv } from "hucre/csv";
export { readXlsx } from "hucre/xlsx";
