/** Vectors the browser's half makes with real randomness, for the Python half to open. */

import { fromBase64url, toBase64url } from "@pwa/platform/encoding";
import {
  closeCaseKey,
  closeRescue,
  closeTeamKey,
  makeStatement,
  newKey,
  sealValue,
  signRescue,
  wrapSeed,
} from "@pwa/platform/keys";
import seal from "@sync/vectors/seal.json";
import { identity, keyOf, type Paper, person, seedOf } from "./seal_calls";

interface Vector {
  name: string;
  call: string;
  args: unknown;
  gives: unknown;
}

export { loadVault } from "@pwa/platform/keys";

const { world } = seal;
const AT = "2026-03-05T08:00:00Z";
const VALUES = [
  "Küche „hinten“ 🙂\n",
  null,
  ["housing", "debts"],
  { level: 2, note: "x".repeat(300) },
];

/** One of each: values, a seed, both kinds of envelope, a statement. */
export function browserVectors(): Vector[] {
  return [...values(), ...envelopes(), wrapped(), admitted(), rescued()];
}

function rescued(): Vector {
  const content = JSON.stringify({ format: 1, note: VALUES[0] });
  const { sign } = identity("anna");
  const file = closeRescue(content, sign, world.people.berta.box_public);
  const signature = toBase64url(signRescue(content, sign));
  const args = { file, reader: "berta", author: "anna" };
  return {
    name: "rescue file",
    call: "open_rescue",
    args,
    gives: { signature, content, signed: true },
  };
}

function values(): Vector[] {
  const row = world.people.paul.user;
  const key = newKey(row);
  const keys = [{ id: key.id, key: toBase64url(key.key) }];
  return VALUES.map((value, i) => {
    const author = world.people.anna.user;
    const stamp = `019c${String(i).padStart(12, "0")}00000000000000aa`;
    const place = { team: world.team, table: "visit", row, column: "wish", stamp, author };
    const sealed = sealValue(value, place, key);
    return { name: `value ${i}`, call: "open_value", args: { sealed, place, keys }, gives: value };
  });
}

function envelopes(): Vector[] {
  const [first] = world.team_keys as [Paper];
  const caseKey = newKey(world.people.nora.user);
  const [anna, sign] = [person("anna"), identity("anna").sign];
  const toBerta = closeTeamKey(keyOf(first), anna, sign, person("berta"), AT);
  const ofCase = closeCaseKey(caseKey, anna, sign, keyOf(first), AT);
  const call = "open_envelope";
  const gives = { id: caseKey.id, key: toBase64url(caseKey.key) };
  return [
    { name: "team key", call, args: { me: "berta", envelope: toBerta, keys: [] }, gives: first },
    { name: "case key", call, args: { me: "berta", envelope: ofCase, keys: [first] }, gives },
  ];
}

function wrapped(): Vector {
  const master = world.team_keys[0]?.key as string;
  const { user, seed } = world.people.anna;
  const text = wrapSeed(fromBase64url(master), seedOf("anna"), user);
  return { name: "seed", call: "open_seed", args: { master, user, wrapped: text }, gives: seed };
}

function admitted(): Vector {
  const args = { author: "berta", subject: "nora", role: "pap", at: AT };
  const gives = makeStatement(person("berta"), identity("berta").sign, person("nora"), "pap", AT);
  return { name: "statement", call: "make_statement", args, gives };
}
