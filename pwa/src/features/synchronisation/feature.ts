/** Synchronisierung: what is safe, what waits, what is to be clarified. */
import { signal } from "@preact/signals";
import { h } from "preact";
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";

/** Where the chip was tapped, for the way back. */
export const cameFrom = signal("/heute");

const SyncScreen = lazyScreen(async () => (await import("./screen")).SyncScreen);
const Here = () => h(SyncScreen, { back: cameFrom.value });

export const synchronisation: Feature = {
  name: "synchronisation",
  routes: [{ path: "/synchronisierung", view: Here }],
};
