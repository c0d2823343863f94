/** What the lock may say: never a name, only counts and times. Pure. */
import { Unreachable } from "../../platform/problems";
import { formatSince } from "../../ui/dates";
import { COUNSELLING } from "../../ui/roles";
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

/** „2 Einträge sicher auf diesem Telefon · 1 Schnellnotiz wartet“; empty when nothing waits. */
export function safeHere(entries: number, notes: number): string {
  return [
    plural(entries, "# Eintrag sicher auf diesem Telefon", "# Einträge sicher auf diesem Telefon"),
    plural(notes, "# Schnellnotiz wartet", "# Schnellnotizen warten"),
  ]
    .filter((_, i) => [entries, notes][i])
    .join(" · ");
}

/** Whether quick notes are for her: once she is in, Heute shows them. */
export function takesNotes({ role, admitted }: { role: string; admitted: boolean }): boolean {
  return admitted && COUNSELLING.includes(role);
}

/** „Nächster Versuch in 4 Sekunden“ */
export function nextTry(seconds: number): string {
  return plural(seconds, "Nächster Versuch in # Sekunde", "Nächster Versuch in # Sekunden");
}
