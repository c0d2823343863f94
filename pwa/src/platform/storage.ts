/**
 * How much room there is on this phone, and whether the browser promised to keep what lies there.
 *
 * Not every browser says how much is left. So a reserve is set aside: the first write that finds no
 * room takes it and succeeds, and the person is told while there is still room for weeks of entries.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface StorageInfo {
  usedBytes: number | null;
  persisted: boolean;
}

/** With less than this, where the browser says it, the person is told. */
const SHORT_BYTES = 25_000_000;
const RESERVE = "zuzweit-reserve";
const RESERVE_BYTES = 2_000_000;

const short = signal(false);

/** Soon nothing more can be saved on this phone. */
export const storageShort: ReadonlySignal<boolean> = short;

/** How much this origin occupies on the phone, and whether the browser promised to keep it. */
export async function storageInfo(): Promise<StorageInfo> {
  const storage = navigator.storage;
  if (!storage?.estimate) return { usedBytes: null, persisted: false };
  const [estimate, persisted] = await Promise.all([storage.estimate(), storage.persisted()]);
  return { usedBytes: estimate.usage ?? null, persisted };
}

/** Asks the browser never to evict our data; answers whether it agreed. */
export async function askToPersist(): Promise<boolean> {
  const storage = navigator.storage;
  if (!storage?.persist) return false;
  return (await storage.persisted()) || (await storage.persist());
}

/** Sets the reserve aside unless it is, and knows from it whether there is room. */
export async function keepReserve(): Promise<void> {
  const { usage = 0, quota } = (await navigator.storage?.estimate?.()) ?? {};
  short.value = !(await isSetAside()) || (quota !== undefined && quota - usage < SHORT_BYTES);
}

async function isSetAside(): Promise<boolean> {
  if (!globalThis.caches || (await caches.has(RESERVE))) return true;
  try {
    const cache = await caches.open(RESERVE);
    await cache.put("/reserve", new Response(new Uint8Array(RESERVE_BYTES)));
    return true;
  } catch {
    // No room: what was begun of it goes, too.
    await caches.delete(RESERVE);
    return false;
  }
}

/** No room is left: takes the reserve, so that what is being written still fits. False: it is gone. */
export async function takeReserve(): Promise<boolean> {
  const taken = (await globalThis.caches?.delete(RESERVE)) ?? false;
  short.value = true;
  return taken;
}
