/**
 * New versions of the app: they come by themselves, wait, and take over only when the person says
 * so and no form is open in any tab.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

const FORM_LOCK = "zuzweit-form";
const LOOK_EVERY_MS = 60 * 60_000;

const held = signal(0);
const ready = signal(false);
let registration: ServiceWorkerRegistration | null = null;
let asked = false;

/** How many forms are open in this tab; an update waits until there are none. */
export const formsOpen: ReadonlySignal<number> = held;
/** A new version lies ready on this phone. */
export const updateReady: ReadonlySignal<boolean> = ready;

/** Keeps updates away, in all tabs, while a form is open. Call the answer once it is closed. */
export function holdForm(): () => void {
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  void navigator.locks.request(FORM_LOCK, { mode: "shared" }, () => closed);
  let open = true;
  held.value += 1;
  return () => {
    if (!open) return;
    open = false;
    held.value -= 1;
    close();
  };
}

/** Reloads into the new version; answers false and does nothing while a form is open anywhere. */
export async function applyUpdate(): Promise<boolean> {
  const locks = await navigator.locks.query();
  const formElsewhere = locks.held?.some(({ name }) => name === FORM_LOCK) ?? false;
  if (held.peek() > 0 || formElsewhere) return false;
  asked = true;
  const waiting = registration?.waiting;
  if (waiting) waiting.postMessage({ type: "SKIP_WAITING" });
  else location.reload();
  return true;
}

/** Registers the service worker and looks for new versions from time to time. */
export async function startUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const workers = navigator.serviceWorker;
  const updating = workers.controller !== null;
  workers.addEventListener("controllerchange", () => takenOver(updating));
  registration = await workers.register("/service_worker.js", { updateViaCache: "none" });
  if (registration.waiting) ready.value = true;
  registration.addEventListener("updatefound", watchInstalling);
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_EVERY_MS) return;
    looked = Date.now();
    // Without a network there is nothing to find; the next look may have one.
    registration?.update().catch(() => {});
  });
}

function watchInstalling(): void {
  const worker = registration?.installing;
  worker?.addEventListener("statechange", () => {
    // The very first version has nothing to replace.
    const replaces = navigator.serviceWorker.controller !== null;
    if (worker.state === "installed" && replaces) ready.value = true;
  });
}

/**
 * The files of the old version are gone: reload, unless somebody is still typing here. `updating`:
 * it was no first version that took over; one that was asked for by a tap never is.
 */
function takenOver(updating: boolean): void {
  if (asked || (updating && held.peek() === 0)) location.reload();
}
