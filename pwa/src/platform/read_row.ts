/** One row of this phone, read once. */
import type { Entry } from "./entry";
import { spoken } from "./keyring";
import { lookUp, openEntry } from "./row_lookup";
import { opened } from "./store";

/**
 * Reads a row from the disk, with what waits on top; undefined when this phone has none. Deleted
 * rows count too. @throws ApiProblem `locked`, `storage_failed`.
 */
export async function readRow(table: string, id: string): Promise<Entry | undefined> {
  const { store, vault } = opened();
  const { record } = await lookUp(store.db, table, id);
  if (!record) return undefined;
  return openEntry(vault, record).catch((error: unknown) => {
    throw spoken(error);
  });
}
