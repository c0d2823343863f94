/**
 * What this phone may keep: everything of the team, or the cases handed to the person, each until
 * an instant. What lies outside is forgotten; never what she wrote and did not get rid of.
 */
import { TABLES } from "@sync/tables";
import { allMeta, durable, type EnvelopeRecord, type PersonDb, putMeta } from "./db";
import { ownerOf } from "./entry";
import { allRows, deleteRows, rowStores } from "./row_store";
import type { Scope } from "./sync_wire";

/**
 * Forgets the rows and envelopes outside a scope; answers whether there were any. Call inside a
 * transaction over `rowStores` and `envelopes`.
 */
export async function forgetOutside(
  db: PersonDb,
  { team, cases = {} }: Pick<Scope, "team" | "cases">,
): Promise<boolean> {
  if (team !== null) return false;
  const gone = new Set<string>();
  for (const table of Object.keys(TABLES)) {
    for (const row of await allRows(db, table)) if (!isIn(cases, ownerOf(row))) gone.add(row.id);
  }
  if (gone.size > 0) await deleteRows(db, gone);
  const forgotten = await forgetEnvelopes(db, (one) => isIn(cases, one.owner));
  return gone.size > 0 || forgotten;
}

/**
 * Forgets the cases whose time is over by the office's clock, without a network too; answers
 * whether there were any. `nowMs` is this phone's clock.
 */
export function forgetEnded(db: PersonDb, nowMs: number): Promise<boolean> {
  return durable(db, () =>
    db.transaction("rw", [...rowStores(db), db.envelopes, db.meta], async () => {
      const { team, cases, skew } = await allMeta(db);
      if (!cases || team !== null) return false;
      const left = Object.entries(cases).filter(([, until]) => nowMs + (skew ?? 0) < until);
      if (left.length === Object.keys(cases).length) return false;
      const kept = Object.fromEntries(left);
      // If it was the clock that was wrong, the server sends all of it again: no scope is known.
      await putMeta(db, { cases: kept, scopeHash: null });
      await forgetOutside(db, { team: null, cases: kept });
      return true;
    }),
  );
}

/** Keeps the envelopes that stay; answers whether any went. Call inside a transaction. */
export async function forgetEnvelopes(
  db: PersonDb,
  stays: (one: EnvelopeRecord) => boolean,
): Promise<boolean> {
  let forgot = false;
  for (const { id, list } of await db.envelopes.toArray()) {
    const kept = list.filter(stays);
    if (kept.length === list.length) continue;
    forgot = true;
    if (kept.length > 0) await db.envelopes.put({ id, list: kept });
    else await db.envelopes.delete(id);
  }
  return forgot;
}

function isIn(cases: Readonly<Record<string, number>>, id: string): boolean {
  return Object.hasOwn(cases, id);
}
