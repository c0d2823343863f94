/**
 * Locks after some minutes without a touch, also when the page slept meanwhile: the times are
 * compared, not counted. A clock that was set back can only lock.
 */
import { hearTabs, tellTabs } from "./tabs";

const LOOK_EVERY_MS = 5_000;
const TELL_EVERY_MS = 2_000;
/** Clocks are corrected by parts of a second all the time. */
const CLOCK_NOISE_MS = 2_000;
const TOUCHES = ["pointerdown", "keydown", "input", "wheel", "touchstart"] as const;

export interface AutoLock {
  /** How long without a touch, in ms; asked each time. */
  limitMs(): number;
  isOpen(): boolean;
  lock(): void;
}

let lastTouch = 0;
let lastTold = 0;

/** Begins to watch; once per tab. */
export function startAutoLock(auto: AutoLock): void {
  const look = () => {
    if (auto.isOpen() && isDue(Date.now(), auto.limitMs())) auto.lock();
  };
  for (const touch of TOUCHES) {
    addEventListener(touch, () => touched(look), { capture: true, passive: true });
  }
  for (const wake of ["pageshow", "focus"]) addEventListener(wake, look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_EVERY_MS);
  hearTabs((message) => {
    if (message.kind === "touched") lastTouch = Math.max(lastTouch, message.at);
  });
}

/** Somebody is there: the time begins anew. Called when a vault opens. */
export function beginTouch(): void {
  lastTouch = Date.now();
}

/** Whether the time is over, or the clock went back behind the last touch. */
export function isDue(nowMs: number, limitMs: number): boolean {
  const idle = nowMs - lastTouch;
  return idle >= limitMs || idle < -CLOCK_NOISE_MS;
}

/** A touch counts only when the time was not over yet: the first one after sleep locks. */
function touched(look: () => void): void {
  look();
  const now = Date.now();
  lastTouch = now;
  if (Math.abs(now - lastTold) < TELL_EVERY_MS) return;
  lastTold = now;
  tellTabs({ kind: "touched", at: now });
}
