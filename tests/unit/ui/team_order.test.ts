import { inOrder, meaning, settled, sponsors, standing, toCompare } from "@pwa/features/team/model";
import type { Member, Role } from "@pwa/platform/session";
import { expect, test, vi } from "vitest";

vi.mock("@pwa/platform/session", () => ({}));

function member(displayName: string, role: Role, change: Partial<Member> = {}): Member {
  const user = displayName.toLowerCase();
  return { user, displayName, role, admitted: true, trusted: true, me: false, ...change };
}

const me = member("Jana", "ab_pap", { me: true });
const mira = member("Mira", "ab_pap", { admitted: false, trusted: false });
const udo = member("Udo", "team_leader", { trusted: false });
const ines = member("Ines", "pap");
const admin = member("Anke", "admin", { trusted: false });
const all = [udo, admin, ines, mira, me];

test("newcomers come first, admins hold no keys to compare", () => {
  expect(toCompare(all)).toEqual([mira, udo]);
  expect(settled(all)).toEqual([me, admin, ines]);
});

test("who may not compare sees everybody by name, oneself first", () => {
  expect(inOrder(all)).toEqual([me, admin, ines, mira, udo]);
});

test("everybody stands in exactly one place", () => {
  expect(all.map(standing)).toEqual(["unchecked", "unchecked", "trusted", "waits", "me"]);
});

test("a newcomer compares with an aB-pAp who is in, never with herself", () => {
  const tom = member("Tom", "ab_pap");
  expect(sponsors([...all, tom])).toEqual([tom]);
});

test("only an aB-pAp is told to get the key to the cases", () => {
  expect(meaning(mira)).toContain("kann alle Fälle lesen");
  expect(meaning(ines)).toContain("Fälle kann Ines dadurch nicht lesen");
});
