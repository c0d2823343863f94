/** Handovers on this phone, and the late work that waits for a decision. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { readColumns } from "../../platform/columns";
import { decideHeld, type HeldWork, heldWork } from "../../platform/held";
import { type Entry, watch, write } from "../../platform/records";
import { members, phase, profile } from "../../platform/session";
import { oncePer } from "../../ui/once";
import type { Handover, HandoverForm } from "./model";

const TABLE = "handed_case";

export type { HeldWork } from "../../platform/held";

/** Whether the person at the phone may hand cases over. */
export const mayHandOver: ReadonlySignal<boolean> = computed(
  () => profile.value?.role === "ab_pap",
);

/** Those who may stand in and whose safety number was compared. */
export const deputies: ReadonlySignal<{ user: string; name: string }[]> = computed(() =>
  members.value
    .filter(({ role, trusted, admitted }) => trusted && admitted && STANDING_IN.has(role))
    .map(({ user, displayName }) => ({ user, name: displayName })),
);
const STANDING_IN: ReadonlySet<string> = new Set(["deputy", "pap"]);

/** A person's name, or words for somebody this phone does not know (any more). */
export function nameOf(user: string): string {
  const found = members.value.find((member) => member.user === user);
  return found?.displayName ?? "Nicht mehr im Team";
}

const toHandover = oncePer((entry: Entry): Handover => {
  const { text } = readColumns(entry);
  return {
    id: entry.id,
    caseId: text("case") ?? "",
    deputy: text("deputy") ?? "",
    starts: text("starts") ?? "",
    until: text("until") ?? "",
    note: text("note"),
  };
});

/** The handovers of a case; `null` while they are read. */
export function handoversOf(caseId: string): Handover[] | null {
  if (phase.value !== "open") return null;
  const rows = watch(TABLE, { case: caseId }).value;
  return rows?.filter((row) => !row.deleted).map(toHandover) ?? null;
}

/** Hands a case over; its keys go with it. Throws ApiProblem with a message to show. */
export async function handOver(caseId: string, form: HandoverForm): Promise<void> {
  const { deputy, starts, until, note } = form;
  const set = { case: caseId, deputy, starts, until, note: note.trim() };
  await write(TABLE, null, set, { handTo: deputy });
}

/** Ends a handover with the day before `today`: from now on nothing is given out. */
export async function endHandover(id: string, until: string): Promise<void> {
  await write(TABLE, id, { until });
}

/** Late work by row, the oldest first; `null` while it is read. */
export const lateWork: ReadonlySignal<HeldWork[] | null> = heldWork;

/** Takes late work over under its author's name, or discards it. @throws ApiProblem, Unreachable. */
export function decide(row: string, decision: "released" | "discarded"): Promise<void> {
  return decideHeld(row, decision);
}
