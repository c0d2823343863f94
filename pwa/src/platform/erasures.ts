/**
 * What was erased for good leaves this phone too: rows, what waits, what was refused or secured,
 * keys, drafts and notes. The one exception to "nothing is lost", because a person has a right to it.
 */
import { TABLES } from "@sync/tables";
import { type Meta, type PersonDb, putMeta, type Send } from "./db";
import { allRows, deleteRows } from "./row_store";
import { operationOf, tableOf } from "./sends";

/**
 * Removes everything about `ids` and what hangs below; answers all ids that are gone.
 *
 * Drafts of what was erased earlier go as well: a form may have been open. Call inside a
 * transaction over rowStores, outbox, sent, tray, held, envelopes, draft, note and meta.
 */
export async function purge(
  db: PersonDb,
  meta: Partial<Meta>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const before = meta.erased ?? [];
  const gone = ids.length > 0 ? await withBelow(db, new Set(ids)) : new Set<string>();
  if (gone.size > 0) {
    await Promise.all([deleteRows(db, gone), purgeEnvelopes(db, gone), purgeSends(db, gone)]);
    await putMeta(db, { erased: [...new Set([...before, ...gone])] });
  }
  if (gone.size + before.length > 0) await purgeDrafts(db, new Set([...before, ...gone]));
  return gone;
}

/** The ids of all rows that hang below these, as far as this phone knows of them. */
async function withBelow(db: PersonDb, ids: Set<string>): Promise<Set<string>> {
  const stores = [db.outbox, db.sent, db.tray, db.held];
  const places = await Promise.all(stores.map((one) => one.toArray()));
  const sends = (places as Send[][]).flat().filter(({ kind }) => kind === "operation");
  const known = sends.map((send) => ({ id: send.row, parent: parentOf(send) }));
  for (const { name, parent } of Object.values(TABLES)) {
    if (parent === null) continue;
    const rows = await allRows(db, name);
    known.push(...rows.map(({ id, columns }) => ({ id, parent: columns[parent] })));
  }
  for (let size = -1; size < ids.size; ) {
    size = ids.size;
    for (const { id, parent } of known) {
      if (typeof parent === "string" && ids.has(parent)) ids.add(id);
    }
  }
  return ids;
}

function parentOf(send: Send): unknown {
  const column = tableOf(send.table)?.parent;
  return column ? operationOf(send).set[column] : null;
}

async function purgeEnvelopes(db: PersonDb, gone: ReadonlySet<string>): Promise<void> {
  for (const { id, list } of await db.envelopes.toArray()) {
    const left = list.filter(({ owner }) => !gone.has(owner));
    if (left.length < list.length) await db.envelopes.put({ id, list: left });
  }
}

async function purgeSends(db: PersonDb, gone: ReadonlySet<string>): Promise<void> {
  const isGone = ({ row }: Send) => gone.has(row);
  const unsent = await db.outbox.filter(isGone).delete();
  await Promise.all([db.sent, db.tray, db.held].map((one) => one.filter(isGone).delete()));
  // What never reached the server leaves a gap in the numbers.
  if (unsent > 0) await putMeta(db, { deviceSpent: true });
}

/** A draft's key names its form and ids. */
async function purgeDrafts(db: PersonDb, gone: ReadonlySet<string>): Promise<void> {
  const keys = await db.draft.toCollection().primaryKeys();
  await db.draft.bulkDelete(keys.filter((key) => key.split(":").some((part) => gone.has(part))));
  // A quick note has the id of the contact that came of it.
  await db.note.bulkDelete([...gone]);
}
