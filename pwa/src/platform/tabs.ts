/**
 * The tabs of this browser and what they tell one another. Never a key, never a value a person
 * wrote: only that something changed, and where to read it.
 */

export type TabMessage =
  | { kind: "locked" }
  | { kind: "signed_out"; user: string }
  | { kind: "opened"; user: string }
  | { kind: "touched"; at: number }
  | { kind: "rows"; user: string; table: string; rows: string[] }
  | { kind: "forgotten"; user: string }
  | { kind: "queue"; user: string }
  | { kind: "wanted"; user: string }
  | { kind: "state"; user: string }
  | { kind: "signed_in"; user: string }
  | { kind: "drafts"; user: string }
  | { kind: "sync"; user: string; news: Record<string, unknown> };

type Listener = (message: TabMessage) => void;

const channel = new BroadcastChannel("zuzweit");
const listeners = new Set<Listener>();
channel.addEventListener("message", (event: MessageEvent<TabMessage>) => {
  for (const listener of listeners) listener(event.data);
});

/** Tells all other tabs; this one is not told. */
export function tellTabs(message: TabMessage): void {
  channel.postMessage(message);
}

/** Hears what other tabs tell. Returns the way to stop listening. */
export function hearTabs(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The lock under which one person's entries are written, in whatever tab. */
export function writing(user: string): string {
  return `zuzweit-write-${user}`;
}

/** Runs `work` while no other tab (nor this one) holds `name`. */
export function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, work) as Promise<T>;
}

/** Like `alone`, but answers null at once when somebody else holds `name`. */
export function aloneIfFree<T>(name: string, work: () => Promise<T>): Promise<T | null> {
  return navigator.locks.request(name, { ifAvailable: true }, (lock) =>
    lock ? work() : null,
  ) as Promise<T | null>;
}
