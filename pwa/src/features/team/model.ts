/** Who is where on the way into the team. Pure. */
import type { Member } from "../../platform/session";

/** How far a member has come, as this phone sees it. */
export type Standing = "me" | "waits" | "unchecked" | "trusted";

/**
 * `waits`: nobody has taken her in yet; `unchecked`: somebody has, but this phone cannot follow
 * the chain of signatures to its own; `trusted`: it can.
 */
export function standing(member: Member): Standing {
  if (member.me) return "me";
  if (!member.admitted) return "waits";
  return member.trusted ? "trusted" : "unchecked";
}

/** Whom this person should compare with, most urgent first; admins hold no keys to compare. */
export function toCompare(members: readonly Member[]): Member[] {
  const open = members.filter((one) => one.role !== "admin" && isOpen(standing(one)));
  return open.sort((a, b) => Number(a.admitted) - Number(b.admitted) || byName(a, b));
}

/** Everybody this person need not compare with. */
export function settled(members: readonly Member[]): Member[] {
  const open = new Set(toCompare(members));
  return inOrder(members.filter((one) => !open.has(one)));
}

/** By name, oneself first. */
export function inOrder(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => Number(b.me) - Number(a.me) || byName(a, b));
}

/** The colleagues a newcomer can compare with: aB-pAp who are in. */
export function sponsors(members: readonly Member[]): Member[] {
  return members.filter((one) => one.role === "ab_pap" && one.admitted && !one.me).sort(byName);
}

/** What agreeing to a number gives to this person, in plain words. */
export function meaning(member: Member): string {
  if (member.role === "ab_pap") {
    return `${member.displayName} bekommt damit den Schlüssel des Teams und kann alle Fälle lesen.`;
  }
  return `${member.displayName} gehört damit zum Team. Fälle kann ${member.displayName} dadurch nicht lesen.`;
}

function isOpen(state: Standing): boolean {
  return state === "waits" || state === "unchecked";
}

function byName(a: Member, b: Member): number {
  return a.displayName.localeCompare(b.displayName, "de");
}
