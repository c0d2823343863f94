/** What the roles are called on screen. */
import { ROLES } from "@sync/codes";

/** The roles that meet people; whoever stands in sees only what was handed to her. */
export const COUNSELLING: readonly string[] = ["ab_pap", "deputy", "pap"];

const labels: Readonly<Record<string, string>> = ROLES;

/** „aB-pAp“ and the like; a role this version does not know keeps its code. */
export function roleLabel(role: string): string {
  return labels[role] ?? role;
}
