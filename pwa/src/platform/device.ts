/** This store's device number: given at sign-in, replaced when the server has seen it twice. */
import { changeAccount } from "./accounts";
import { post, type WireProfile } from "./api";
import { durable, getMeta, type PersonDb, putMeta, type Send } from "./db";
import { newId } from "./ids";

/** What the office reads in its list of devices: the kind of phone, never more. */
export function deviceLabel(): string {
  const agent = navigator.userAgent;
  const system = /Android|iPhone|iPad|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? "Gerät";
  const browser = /Firefox|Edg|Chrome|Safari/.exec(agent)?.[0] ?? "Browser";
  return `${system.replace("Macintosh", "Mac")}, ${browser.replace("Edg", "Edge")}`;
}

/**
 * Takes a new device number and numbers the outbox anew from 1; stamps and sealed values stay.
 * @throws Unreachable or ApiProblem; then the old number stands.
 */
export async function takeNewDevice(db: PersonDb): Promise<void> {
  const id = newId();
  const { profile } = await post<{ profile: WireProfile }>("/api/devices", {
    id,
    label: deviceLabel(),
  });
  await adoptDevice(db, profile.device);
}

/** Makes `device` this store's number; a new one counts its sends from 1. */
export async function adoptDevice(db: PersonDb, device: string): Promise<void> {
  // First of all: killed in between, the next sign-in goes on with this number.
  await changeAccount(db.user, { device });
  await durable(db, () =>
    db.transaction("rw", db.outbox, db.meta, async () => {
      if ((await getMeta(db, "device")) === device) return;
      // In the order of writing: what was taken out of `sent` again may bear another device's `n`.
      const waiting = await db.outbox.orderBy("key").toArray();
      const renumbered = waiting.map((send, i): Send => ({ ...send, n: i + 1 }));
      await db.outbox.bulkPut(renumbered);
      await putMeta(db, {
        device,
        nextN: renumbered.length + 1,
        acknowledged: 0,
        deviceSpent: false,
      });
    }),
  );
}
