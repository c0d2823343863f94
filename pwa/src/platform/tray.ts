/** What the phone itself must put into the tray, and what of it others need. */
import { sealedKeyId } from "@sync/operation";
import { durable, type PersonDb, putMeta, type Send } from "./db";
import { isSealedColumn } from "./entry";
import type { ApiProblem } from "./problems";
import { envelopeOf, operationOf } from "./sends";

/**
 * A send that no request can carry goes into the tray, with the reason. The server would wait for
 * its number: the rest goes on under a new device number, without the gap.
 */
export function putAside(db: PersonDb, send: Send, reason: ApiProblem): Promise<void> {
  const { code, field } = reason;
  return durable(db, () =>
    db.transaction("rw", db.outbox, db.tray, db.meta, async () => {
      // Meanwhile it may have been erased with what it is about.
      if (!(await db.outbox.get(send.key))) return;
      await putMeta(db, { deviceSpent: true });
      await db.tray.put({ ...send, refusedAt: Date.now(), code, field });
      await db.outbox.delete(send.key);
    }),
  );
}

/** Whether this is the envelope of a key that values in other entries are sealed with. */
export function isNeeded(refused: Send, others: readonly Send[]): boolean {
  if (refused.kind !== "envelope") return false;
  const { key_id } = envelopeOf(refused);
  return others.some((send) => send.kind === "operation" && keyIdsOf(send).includes(key_id));
}

function keyIdsOf(send: Send): string[] {
  const { table, set } = operationOf(send);
  return Object.entries(set).flatMap(([column, value]) =>
    typeof value === "string" && isSealedColumn(table, column) ? sealedKeyId(value) : [],
  );
}
