/** What just happened, said once: shown above the dock and read out, wherever the person is now. */
import { signal } from "@preact/signals";
import { Icon, type IconName } from "./icons";

interface Said {
  text: string;
  icon: IconName;
  /** Milliseconds. */
  at: number;
}

const said = signal<Said | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** How long a message stays; what it says can always be read elsewhere too. */
const STAYS_MS = 8000;
/** A step to another screen within this time belongs to what was said. */
const STEP_MS = 1000;

/** Says a sentence („Auf diesem Telefon gespeichert“); a later one replaces it. */
export function say(text: string, icon: IconName = "check"): void {
  clearTimeout(timer);
  said.value = { text, icon, at: Date.now() };
  timer = setTimeout(hush, STAYS_MS);
}

/** Takes the message away, for instance when the phone is locked. */
export function hush(): void {
  clearTimeout(timer);
  said.value = null;
}

/** Another screen appeared: what was said on an earlier one has nothing to do with it. */
export function hushEarlier(): void {
  const now = said.peek();
  if (now && Date.now() - now.at > STEP_MS) hush();
}

/** The live region; once, at the root, so that it outlives every screen. */
export function Announcer() {
  return (
    <p class="zz-vh" role="status">
      {said.value?.text}
    </p>
  );
}

/** The same words for the eye; the frame puts them above the dock. */
export function SaidBar() {
  const now = said.value;
  if (!now) return null;
  return (
    <p class="zz-said" aria-hidden="true">
      <Icon name={now.icon} small />
      {now.text}
    </p>
  );
}
