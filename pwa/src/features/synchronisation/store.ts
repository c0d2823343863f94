/** Whom entries are about: opened on this phone, for the eye only, never stored. */
import { TABLES, type TableName } from "@sync/tables";
import { watch } from "../../platform/records";
import type { SyncEntry } from "../../platform/sync_loop";

/** What this phone can say of the row behind an entry. */
export interface About {
  /** Null when it is about nobody, or does not open here. */
  name: string | null;
  pseudonym: string | null;
  /** The row is on this phone and can be looked at. */
  there: boolean;
}

/** By `entryKey`, for all the entries given. */
export function aboutOf(entries: readonly SyncEntry[]): ReadonlyMap<string, About> {
  const found = entries.map((entry) => ({ key: entryKey(entry), ...rowOf(entry) }));
  const ids = [...new Set(found.flatMap(({ caseId }) => caseId ?? []))].sort();
  const people = watch("client_case", { ids, columns: ["name", "pseudonym"] }).value ?? [];
  const byId = new Map(people.map((one) => [one.id, one.values]));
  return new Map(
    found.map(({ key, caseId, there }) => {
      const { name, pseudonym } = byId.get(caseId ?? "") ?? {};
      return [key, { name: textOf(name), pseudonym: textOf(pseudonym), there }];
    }),
  );
}

/** The key of aboutOf's answer. */
export function entryKey(entry: SyncEntry): string {
  return `${entry.table} ${entry.row}`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The row of an entry, and the case it belongs to: itself, or what its parent column names. */
function rowOf({ table, row }: SyncEntry): { caseId: string | null; there: boolean } {
  const declared = TABLES[table as TableName];
  if (!declared) return { caseId: table === "envelope" ? row : null, there: false };
  const columns = declared.parent === null ? [] : [declared.parent];
  const [found] = watch(table as TableName, { ids: [row], columns }).value ?? [];
  const values = (found?.values ?? {}) as Readonly<Record<string, unknown>>;
  const parent = declared.parent === null ? row : values[declared.parent];
  const caseId = declared.key === "case" ? textOf(parent) : null;
  return { caseId, there: found !== undefined && !found.deleted };
}
