/**
 * Cases whose time is over leave this phone by themselves, without a network too: their rows, their
 * envelopes and, in the vault, their keys.
 */
import { effect } from "@preact/signals";
import { reportTrouble } from "./problems";
import { resetViews } from "./row_views";
import { forgetEnded } from "./scope";
import { currentStore, currentVault } from "./store";
import { absorbTeam } from "./team";

const LOOK_EVERY_MS = 15_000;

/** Starts to look for them; once per tab. */
export function startEndingCases(): void {
  const look = () => void leaveEndedCases().catch(reportTrouble);
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  effect(() => {
    if (currentStore.value) look();
  });
}

/** Lets go of what has ended; whoever unlocks must not see it for a moment. */
export async function leaveEndedCases(): Promise<void> {
  const store = currentStore.peek();
  if (!store || !(await forgetEnded(store.db, Date.now()))) return;
  if (currentStore.peek()?.db !== store.db) return;
  resetViews();
  const vault = currentVault.peek();
  if (vault) await absorbTeam(store.db, vault);
}
