/** What the entries and the answers of **Synchronisierung** say. Fed by the platform's verdicts only. Pure. */
import type { EntryState, SyncEntry } from "../../platform/sync_loop";
import { dayOf, daysBetween, formatDay, formatTime } from "../../ui/dates";

/** An entry's state as the end of a sentence. */
export function stateText(entry: SyncEntry, now: number): string {
  switch (entry.state) {
    case "phone":
      return "auf diesem Telefon";
    case "sending":
      return "wird gesendet";
    case "secured":
      return `gesichert ${at(entry.at, now)}`;
    case "held":
      return "wartet auf Freigabe: Ihre Vertretung war schon beendet";
    case "clarify":
      return `zu klären, ${reason(entry)}`;
  }
}

/** „um 10:42“, „gestern um 10:42“, „am 19.11.2026 um 10:42“ */
function at(instant: number, now: number): string {
  const day = dayOf(instant);
  const distance = daysBetween(day, dayOf(now));
  const time = `um ${formatTime(instant)}`;
  if (distance === 0) return time;
  return distance === 1 ? `gestern ${time}` : `am ${formatDay(day)} ${time}`;
}

// Why the server refused, as a clause; whatever is not here shows the catalogue's own sentence.
const reasons: Readonly<Record<string, string>> = {
  unknown_table: "weil der Server diese Art von Eintrag nicht kennt",
  unknown_column: "weil dem Server eine Angabe unbekannt ist",
  unknown_code: "weil eine Auswahl nicht bekannt ist",
  wrong_type: "weil eine Angabe die falsche Form hat",
  column_required: "weil eine Angabe fehlt",
  column_fixed: "weil sich diese Angabe nachträglich nicht ändern lässt",
  row_unknown: "weil es diesen Eintrag nicht gibt oder Sie ihn nicht sehen dürfen",
  row_refused: "weil der zugehörige Eintrag abgelehnt wurde",
  role_may_not: "weil Ihnen dafür die Berechtigung fehlt",
  wrong_key: "weil der Eintrag mit dem falschen Schlüssel versiegelt ist",
  sealed_malformed: "weil eine versiegelte Angabe beschädigt ist",
  operation_malformed: "weil der Eintrag nicht lesbar ist",
};

function reason({ code, message }: SyncEntry): string {
  const clause = code && reasons[code];
  if (clause) return clause;
  return message ? `Antwort des Servers: ${message}` : "weil der Server ihn abgelehnt hat";
}

/** The entries that only this phone has come first, newest first; then the secured ones. */
export function inOrder(entries: readonly SyncEntry[]): SyncEntry[] {
  const rank: Record<EntryState, number> = {
    clarify: 0,
    phone: 1,
    sending: 1,
    held: 2,
    secured: 3,
  };
  return [...entries].sort((a, b) => rank[a.state] - rank[b.state] || b.n - a.n);
}

/** The code of a problem made for people; null for any other error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

/** The answer to a password where no name was asked for. */
export function passwordAnswer(error: unknown, problem: string | null): string | null {
  return codeOf(error) === "wrong_sign_in" ? "Das Passwort stimmt nicht." : problem;
}
