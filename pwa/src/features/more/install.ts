/** Putting the app on the start screen: installed, its storage is far safer from eviction. */
import { computed, signal } from "@preact/signals";

/** What Chromium hands over when it would install the app; not yet in TypeScript's DOM types. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

const offered = signal<InstallPrompt | null>(null);
const installed = signal(false);

/** `prompt`: the browser can be asked; `ios`: only by hand; `none`: installed, or not to be had. */
export type InstallWay = "prompt" | "ios" | "none";

export const installWay = computed<InstallWay>(() => {
  if (installed.value) return "none";
  if (offered.value) return "prompt";
  return isAppleTouch() ? "ios" : "none";
});

/** Listens for the browser's offer; it comes early, so the root calls this at start. */
export function watchInstall(): void {
  installed.value = matchMedia("(display-mode: standalone)").matches;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => {
    installed.value = true;
    offered.value = null;
  });
}

/** Shows the browser's own question; its offer can be used once only. */
export async function install(): Promise<void> {
  const prompt = offered.value;
  offered.value = null;
  await prompt?.prompt();
}

// An iPad calls itself a Mac, but no Mac has a touch screen.
function isAppleTouch(): boolean {
  return /iPhone|iPad|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
}
