/** Handing a case to somebody who stands in: what it needs, and when it is in force. Pure. */

/** A case handed to one person, both days included. */
export interface Handover {
  id: string;
  caseId: string;
  deputy: string;
  starts: string;
  until: string;
  note: string | null;
}

export type Standing = "later" | "now" | "over";

/** Where a handover stands on a day of the office. */
export function standing({ starts, until }: Handover, today: string): Standing {
  if (until < starts || until < today) return "over";
  return starts > today ? "later" : "now";
}

/** Those that are, or will be, in force; the one that ends first comes first. */
export function current(all: readonly Handover[], today: string): Handover[] {
  const open = all.filter((one) => standing(one, today) !== "over");
  return open.sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
}

export interface HandoverForm {
  deputy: string;
  starts: string;
  until: string;
  note: string;
}

/** An empty form; somebody who stands in alone is chosen at once. */
export function blankHandover(today: string, deputies: readonly { user: string }[]): HandoverForm {
  const [only, another] = deputies;
  return { deputy: another ? "" : (only?.user ?? ""), starts: today, until: "", note: "" };
}

export type HandoverProblems = Partial<Record<keyof HandoverForm, string>>;

/** What is missing or wrong, by field; empty when the case can be handed over. */
export function handoverProblems(form: HandoverForm, today: string): HandoverProblems {
  const problems: HandoverProblems = {};
  if (form.deputy === "") problems.deputy = "Bitte wählen Sie, wer vertritt.";
  if (form.starts === "") problems.starts = "Bitte geben Sie den ersten Tag an.";
  if (form.until === "") problems.until = "Bitte geben Sie den letzten Tag an.";
  else if (form.until < today) problems.until = "Dieser Tag ist schon vorbei.";
  else if (form.until < form.starts) problems.until = "Der letzte Tag liegt vor dem ersten.";
  if (form.note.trim() === "")
    problems.note =
      "Bitte schreiben Sie, wie die Person zu erreichen ist und was als Nächstes ansteht.";
  return problems;
}

/** The day before a day: the last one of a handover that is to end now. */
export function dayBefore(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
