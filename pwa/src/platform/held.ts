/**
 * Late work the server keeps aside: what somebody sent about a case that was not handed to her any
 * more, or what a phone gave up that was locked out. An aB-pAp's phone can open it, and decides.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { post } from "./api";
import type { WireHeld } from "./db";
import { isSealedColumn, UNREADABLE } from "./entry";
import type { Keyring, OpenJob } from "./keyring";
import { reportTrouble } from "./problems";
import { currentVault } from "./store";
import { syncNow } from "./sync_loop";
import { heldByServer } from "./team";

/** All late operations on one row, their values opened. `receivedAt` in ms since 1970. */
export interface HeldWork {
  row: string;
  table: string;
  caseId: string;
  author: string;
  receivedAt: number;
  values: Record<string, unknown>;
}

const opened = signal<HeldWork[] | null>(null);

/** By row, the oldest first; null while it is opened or the phone is locked. */
export const heldWork: ReadonlySignal<HeldWork[] | null> = computed(() => opened.value);

/** Opens what waits whenever that changes; once per tab. */
export function startHeld(): void {
  effect(() => {
    const [waiting, vault] = [heldByServer.value, currentVault.value];
    if (!vault) {
      opened.value = null;
      return;
    }
    void openAll(waiting, vault).catch((error: unknown) => {
      if (currentVault.peek() === vault) reportTrouble(error);
    });
  });
}

/**
 * Releases or discards everything that waits on a row.
 * @throws ApiProblem `not_found` when somebody has decided before, Unreachable.
 */
export async function decideHeld(row: string, decision: "released" | "discarded"): Promise<void> {
  await post("/api/held", { row, decision });
  await syncNow();
}

async function openAll(waiting: readonly WireHeld[], vault: Keyring): Promise<void> {
  const byRow = new Map<string, HeldWork>();
  for (const one of waiting) {
    const values = await valuesOf(one, vault);
    const { row, table } = one.operation;
    const before = byRow.get(row);
    if (before) Object.assign(before.values, values);
    else {
      const { case: caseId, author, received_at: receivedAt } = one;
      byRow.set(row, { row, table, caseId, author, receivedAt, values });
    }
  }
  if (currentVault.peek() === vault) opened.value = [...byRow.values()];
}

async function valuesOf(
  { case: owner, author, operation }: WireHeld,
  vault: Keyring,
): Promise<Record<string, unknown>> {
  const { table, row, stamp, set } = operation;
  const sealed = Object.entries(set).filter(
    ([column, value]) => typeof value === "string" && isSealedColumn(table, column),
  );
  const jobs = sealed.map(
    ([column, value]): OpenJob => ({
      table,
      row,
      column,
      stamp,
      author,
      owner,
      sealed: value as string,
    }),
  );
  const found = await vault.ask("openValues", jobs);
  const values: Record<string, unknown> = { ...set };
  for (const [i, [column]] of sealed.entries()) {
    const one = found[i];
    values[column] = one?.state === "open" ? one.value : UNREADABLE;
  }
  return values;
}
