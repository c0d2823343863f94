/** Who gets which case: the one with fewer open ones. Pure. */
import { formatNumber, plural } from "../../../ui/words";
import type { CaseKind } from "../model";
import type { Member } from "./model";

/** About so many people are accompanied at a time: a hint, never a limit. */
export const TARGET_CASELOAD = 50;
/** How far two shares may lie apart without a word. */
export const FAIR_DIFFERENCE = 2;

/** Open cases per user id, each kind for itself. */
export type Load = Record<CaseKind, Map<string, number>>;

/** The open cases of everybody; cases without a counsellor count for nobody. */
export function loadOf(
  open: readonly { kind: CaseKind; counsellor: string | null }[],
  members: readonly Member[],
): Load {
  const load: Load = { handover: new Map(), individual_order: new Map() };
  for (const { user } of members) {
    load.handover.set(user, 0);
    load.individual_order.set(user, 0);
  }
  for (const { kind, counsellor } of open) {
    const now = load[kind].get(counsellor ?? "");
    if (now !== undefined) load[kind].set(counsellor ?? "", now + 1);
  }
  return load;
}

/** A counsellor for each case in order, and the load afterwards; `chosen` gets all of them. */
export function shareOut(
  kinds: readonly CaseKind[],
  before: Load,
  chosen: string,
): { counsellors: string[]; after: Load } {
  const after: Load = {
    handover: new Map(before.handover),
    individual_order: new Map(before.individual_order),
  };
  const counsellors = kinds.map((kind) => {
    const user = chosen !== "" ? chosen : least(after[kind]);
    after[kind].set(user, (after[kind].get(user) ?? 0) + 1);
    return user;
  });
  return { counsellors, after };
}

function least(load: ReadonlyMap<string, number>): string {
  let [fewest, found] = [Number.POSITIVE_INFINITY, ""];
  for (const [user, count] of load) if (count < fewest) [fewest, found] = [count, user];
  return found;
}

/** What the shares mean in sentences; empty when all is well. Never a reason not to save. */
export function shareHints(after: Load, members: readonly Member[]): string[] {
  const counts = members.map(({ user }) => after.handover.get(user) ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const apart = counts.length > 1 ? Math.max(...counts) - Math.min(...counts) : 0;
  const hints: string[] = [];
  if (apart > FAIR_DIFFERENCE)
    hints.push(
      `Die Fälle sind ungleich verteilt: Der Unterschied beträgt ${plural(apart, "# Fall", "# Fälle")}.`,
    );
  if (total > TARGET_CASELOAD)
    hints.push(
      `Damit sind es ${formatNumber(total)} offene Fallübergaben. Vorgesehen sind etwa ${TARGET_CASELOAD}.`,
    );
  return hints;
}
