/** What the chip says. Fed by the platform's verdicts only. Pure. */
import type { SyncStatus } from "../../platform/sync_loop";
import type { IconName } from "../../ui/icons";
import { formatNumber, plural } from "../../ui/words";

export interface ChipState {
  text: string;
  icon: IconName;
  tone: "ok" | "wait" | "stop";
}

/** Steps in which the first load counts up, so that a screen reader is not talked over. */
const FIRST_SYNC_STEP = 500;

/** The one sentence of the header; what somebody must act on comes first. */
export function chipState(status: SyncStatus): ChipState {
  const { waiting, toClarify, firstSync } = status;
  if (status.needsSignIn)
    return { text: signInAgain(waiting + toClarify), icon: "key", tone: "stop" };
  if (toClarify > 0) {
    const text = plural(toClarify, "# Eintrag ist zu klären", "# Einträge sind zu klären");
    return { text, icon: "sos", tone: "stop" };
  }
  if (waiting > 0) {
    const many = "# Einträge warten auf Verbindung";
    const text = plural(waiting, "# Eintrag wartet auf Verbindung", many);
    return {
      text,
      icon: status.running && status.reachable ? "cloud-up" : "cloud-off",
      tone: "wait",
    };
  }
  if (firstSync) return { text: loadingText(status), icon: "download", tone: "wait" };
  return { text: "Alles gesichert", icon: "cloud-check", tone: "ok" };
}

function signInAgain(unsent: number): string {
  if (unsent === 0) return "Bitte neu anmelden";
  const one = "# Eintrag ist auf diesem Telefon gespeichert";
  const many = "# Einträge sind auf diesem Telefon gespeichert";
  return `Bitte neu anmelden – ${plural(unsent, one, many)}`;
}

function loadingText({ firstSync, reachable }: SyncStatus): string {
  if (!reachable) return "Noch nicht alles geladen";
  const steps = Math.floor((firstSync?.done ?? 0) / FIRST_SYNC_STEP) * FIRST_SYNC_STEP;
  return steps === 0 ? "Wird geladen …" : `Wird geladen … ${formatNumber(steps)} Einträge`;
}
