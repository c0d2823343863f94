/** Somebody one may vouch for, and as what: as the server shows her now. */
import type { WireMember } from "./db";
import { VaultProblem } from "./key_problems";
import type { Person, Role } from "./keys";

export type Subject = Person & { role: Role };

/** Code: not_a_member, for whoever is not there or has no keys. */
export function subjectIn(
  team: string,
  member: WireMember | undefined,
  roleOf: (member: WireMember) => Role,
): Subject {
  const { box_public: boxPublic, sign_public: signPublic, left } = member ?? {};
  if (!member || !boxPublic || !signPublic || left) throw new VaultProblem("not_a_member");
  return { user: member.user, team, boxPublic, signPublic, role: roleOf(member) };
}

/** Whether two looks at her saw the same keys and the same role. */
export function sameSubject(a: Subject, b: Subject): boolean {
  return a.boxPublic === b.boxPublic && a.signPublic === b.signPublic && a.role === b.role;
}
