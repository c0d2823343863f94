/** When handovers have ended: whoever stood in knew the keys of her cases until then. Pure. */
import type { RowRecord } from "./db";
import { timeOf } from "./entry";
import { instantNow } from "./ids";

const HOUR_MS = 3_600_000;
/** After the beginning of its last day a handover is over, wherever the office is. */
const LAST_DAY_MS = 36 * HOUR_MS;

/**
 * Case → the last instant at which a handover of it has ended; none that lasts at `now`. `leftAt`
 * says since when somebody has left.
 */
export function endsOf(
  handovers: readonly RowRecord[],
  now: string,
  leftAt: (user: string) => string | undefined,
): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const row of handovers) {
    const owner = String(row.columns.case);
    const left = leftAt(String(row.columns.deputy));
    const end = left ?? endOf(row);
    if ((left || end <= now) && end > (ends.get(owner) ?? "")) ends.set(owner, end);
  }
  return ends;
}

/** An early end counts from when it was said: until then the phone had every new key. */
function endOf({ columns, stamp, stamps }: RowRecord): string {
  const { until, deleted_at } = columns;
  if (typeof deleted_at === "string") return deleted_at;
  const day = Date.parse(`${until}T00:00:00Z`) + LAST_DAY_MS;
  return instantNow(Math.max(day, timeOf(stamps?.until ?? stamp)));
}
