/** What closing a file needs of others' code; loaded with the first file. */
export { ZipWriter } from "@zip.js/zip.js/lib/zip-core-writer.js";
export { writeXlsx } from "hucre/xlsx";
