/** What the lock may say: never a name, only counts and times. Pure. */
import { Unreachable } from "../../platform/problems";
import { formatSince } from "../../ui/dates";
import { plural } from "../../ui/words";

/** A problem's sentence for somebody who has nothing on this phone yet. */
export function strangerText(error: unknown, sentence: string): string {
  if (!(error instanceof Unreachable)) return sentence;
  return "Der Server ist gerade nicht erreichbar. Bitte prüfen Sie die Verbindung.";
}

/** „Gesperrt seit 12:07“ */
export function lockedSince(lockedAt: number | null, now: number): string {
  return lockedAt === null ? "Gesperrt" : `Gesperrt seit ${formatSince(lockedAt, now)}`;
}

/** „2 Einträge sicher auf diesem Telefon“; null when nothing waits. */
export function safeHere(count: number): string | null {
  if (count === 0) return null;
  return plural(
    count,
    "# Eintrag sicher auf diesem Telefon",
    "# Einträge sicher auf diesem Telefon",
  );
}

/** „Nächster Versuch in 4 Sekunden“ */
export function nextTry(seconds: number): string {
  return plural(seconds, "Nächster Versuch in # Sekunde", "Nächster Versuch in # Sekunden");
}
