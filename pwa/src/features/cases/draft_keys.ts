/** What the drafts of cases are called; ids only, never a name. */
import type { DraftPlace } from "../../ui/feature";

/** The draft of a case: of a new one, or of a change to an existing one. */
export function caseKey(id: string | null): string {
  return `case:${id ?? "new"}`;
}

/** Where a draft is written on; `null` for a key of another feature. */
export function caseDraftPlace(key: string): DraftPlace | null {
  const [table, id] = key.split(":");
  if (table !== "case") return null;
  if (id === "new") return { label: "Begonnener Fall", href: "/faelle/neu" };
  return { label: "Begonnene Änderung am Fall", href: `/faelle/${id}/bearbeiten` };
}
