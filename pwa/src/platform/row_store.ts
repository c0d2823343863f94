/**
 * Rows on the disk. What comes in great number lies in pages, many rows in one text: the browser
 * takes a page in as fast as a single row. Whatever is written alone lies in `row` and counts before
 * every page; of two pages the later one counts.
 *
 * Call inside a transaction over `rowStores` whenever something is written.
 */
import { TABLES } from "@sync/tables";
import type { PersonDb, RowPage, RowRecord } from "./db";

/** From here on rows are stored in pages. */
const PAGED_FROM = 100;
/** Rows of a page: reading one of them reads them all. */
const PAGE_ROWS = 100;

/** What a transaction over rows names. */
export function rowStores(db: PersonDb): [PersonDb["row"], PersonDb["page"]] {
  return [db.row, db.page];
}

/** Stores rows in place of what was there. */
export async function putRows(db: PersonDb, records: readonly RowRecord[]): Promise<void> {
  if (records.length < PAGED_FROM) return putEach(db, records);
  // One that lies in `row` would count before its page.
  const alone = new Set(await db.row.toCollection().primaryKeys());
  const isAlone = (record: RowRecord) => alone.has(keyOf(record));
  await putEach(db, records.filter(isAlone));
  await db.page.bulkAdd([...pagesOf(records.filter((record) => !isAlone(record)))]);
}

/** The rows of a table with these ids; those nobody has are left out. */
export async function getRows(
  db: PersonDb,
  table: string,
  ids: readonly string[],
): Promise<RowRecord[]> {
  const texts = await db.row.bulkGet(ids.map((id) => `${table}/${id}`));
  const found = texts.filter((text) => text !== undefined).map(rowOf);
  if (found.length === ids.length) return found;
  const missing = new Set(ids.filter((_, i) => texts[i] === undefined));
  const paged = new Map<string, RowRecord>();
  for (const page of await pagesWith(db, missing)) {
    if (page.table !== table) continue;
    for (const row of rowsOf(page)) if (missing.has(row.id)) paged.set(row.id, row);
  }
  return [...found, ...paged.values()];
}

/** All rows of a table. */
export async function allRows(db: PersonDb, table: string): Promise<RowRecord[]> {
  const [pages, texts] = await Promise.all([
    db.page.where("table").equals(table).toArray(),
    db.row.where(":id").startsWith(`${table}/`).toArray(),
  ]);
  const rows = [...pages.flatMap(rowsOf), ...texts.map(rowOf)];
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Removes the rows with these ids, whatever table they are of. */
export async function deleteRows(db: PersonDb, ids: ReadonlySet<string>): Promise<void> {
  const keys = Object.keys(TABLES).flatMap((table) => [...ids].map((id) => `${table}/${id}`));
  await db.row.bulkDelete(keys);
  for (const page of await pagesWith(db, ids)) {
    const left = rowsOf(page).filter(({ id }) => !ids.has(id));
    if (left.length > 0) await db.page.put({ n: page.n, ...pageOf(page.table, left) });
    else await db.page.delete(page.n);
  }
}

async function putEach(db: PersonDb, records: readonly RowRecord[]): Promise<void> {
  await db.row.bulkPut(
    records.map((record) => JSON.stringify(record)),
    records.map(keyOf),
  );
}

/** The pages that hold any of these rows, the oldest first. */
function pagesWith(db: PersonDb, ids: ReadonlySet<string>): Promise<RowPage[]> {
  return db.page
    .where("ids")
    .anyOf([...ids])
    .distinct()
    .sortBy("n");
}

function* pagesOf(records: readonly RowRecord[]): Iterable<Omit<RowPage, "n">> {
  for (const table of new Set(records.map((record) => record.table))) {
    const here = records.filter((record) => record.table === table);
    for (let i = 0; i < here.length; i += PAGE_ROWS)
      yield pageOf(table, here.slice(i, i + PAGE_ROWS));
  }
}

function pageOf(table: string, rows: readonly RowRecord[]): Omit<RowPage, "n"> {
  return { table, ids: rows.map(({ id }) => id), rows: JSON.stringify(rows) };
}

function keyOf({ table, id }: RowRecord): string {
  return `${table}/${id}`;
}

// Both were written here alone.
function rowOf(text: string): RowRecord {
  return JSON.parse(text) as RowRecord;
}

function rowsOf(page: RowPage): RowRecord[] {
  return JSON.parse(page.rows) as RowRecord[];
}
