/** Lists of cases on this phone: what they are compared with, and how they are written. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { newId } from "../../../platform/ids";
import { watch, writeAll } from "../../../platform/records";
import { daysHere } from "../../../platform/resting";
import { phase, settings } from "../../../platform/session";
import { type CaseForm, caseChanges } from "../form";
import type { ClientCase } from "../model";
import { people, toCase } from "../store";
import type { Member } from "./model";
import type { Reading } from "./reading";

export { holdForm } from "../../../platform/updates";
export { bringBackOlder, me, nameOf, olderCases, phaseMonths } from "../store";

const TABLE = "client_case";
const COLUMNS = [
  "pseudonym",
  "kind",
  "name",
  "date_of_birth",
  "client_number",
  "target_group",
  "counsellor",
  "transferring_counsellor",
  "handed_over",
  "first_contact",
  "activation_limit",
  "closed",
];

/** Every case on this phone with what an overview shows; null while they are read. */
export const overviewCases: ReadonlySignal<ClientCase[] | null> = computed(() => {
  if (phase.value !== "open") return null;
  const rows = watch(TABLE, { columns: COLUMNS }).value;
  return rows === null ? null : rows.filter((row) => !row.deleted).map(toCase);
});

/** So many days a closed case stays on phones. */
export const closedDays: ReadonlySignal<number> = computed(() => daysHere(settings.value));

const withRole = (...roles: string[]): ReadonlySignal<Member[]> =>
  computed(() => people.value.filter(({ role }) => roles.includes(role)));

/** Whoever may have a case. */
export const counsellors: ReadonlySignal<Member[]> = withRole("ab_pap");

/** Whoever may have transferred one. */
export const transferring: ReadonlySignal<Member[]> = withRole("pap", "deputy");

/**
 * The list that is being read: in the memory of this page alone, so that a look at a case does not
 * lose it. Locked means forgotten: nothing of a file is ever stored before it is sealed.
 */
export const reading = signal<Reading | null>(null);
effect(() => {
  if (phase.value !== "open") reading.value = null;
});

/** Ids for so many lines: a second try to save writes the same cases, not more of them. */
export function idsFor(lines: number): string[] {
  return Array.from({ length: lines }, newId);
}

/**
 * Writes all cases in one transaction; resolves once all of them lie on this phone and were read
 * back. Killed in the middle, or refused, there is none of them. Throws ApiProblem.
 */
export async function saveCases(cases: readonly { id: string; form: CaseForm }[]): Promise<void> {
  await writeAll(
    cases.map(({ id, form }) => ({ table: TABLE, id, set: caseChanges(form, null), create: true })),
  );
}
