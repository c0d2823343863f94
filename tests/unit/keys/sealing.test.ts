/** What the vectors cannot show, in TypeScript: all values, drafts, batches, wiping, silence. */

import { fromBase64url, fromHex, padJson, toBase64url, toHex } from "@pwa/platform/encoding";
import {
  currentEpoch,
  deriveMaster,
  identityOf,
  KeyProblem,
  loadVault,
  newKey,
  newSeed,
  openEnvelopes,
  openMany,
  openOwn,
  openSeed,
  openValue,
  ownKey,
  sealMany,
  sealOwn,
  sealValue,
  trustedEpochs,
  trustedMembers,
  wipeIdentity,
  wrapSeed,
} from "@pwa/platform/keys";
import { generatePassword, passwordProblem } from "@pwa/platform/passwords";
import seal from "@sync/vectors/seal.json";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { keyOf, type Paper, person, reader } from "./seal_calls";

const team = "1".repeat(32);
const place = {
  team,
  table: "visit",
  row: "2".repeat(32),
  column: "wish",
  stamp: "3".repeat(32),
  author: "4".repeat(32),
};
const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 3 });

beforeAll(loadVault);

it("brings every value back", () => {
  const key = newKey(place.row);
  const ring = new Map([[key.id, key]]);
  fc.assert(
    fc.property(json, (value) => {
      expect(openValue(sealValue(value, place, key), place, ring)).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

it("spells bytes in one way", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
      expect(toBase64url(data)).toBe(Buffer.from(data).toString("base64url"));
      expect(fromBase64url(toBase64url(data))).toEqual(data);
      expect(toHex(data)).toBe(Buffer.from(data).toString("hex"));
      expect(fromHex(toHex(data))).toEqual(data);
    }),
  );
  for (const wrong of ["A", "AB", "AAB", "A=", "AA==", "AA\n", "A+", "A/", "Aé", "A\u0141AA", 5]) {
    expect(() => fromBase64url(wrong), String(wrong)).toThrow(KeyProblem);
  }
  for (const wrong of ["0", "0G", "AB", "0x", "\u01300"]) {
    expect(() => fromHex(wrong), wrong).toThrow(KeyProblem);
  }
});

it.each([
  [61, 64],
  [62, 256],
  [253, 256],
  [254, 1024],
  [65_533, 65_536],
])("pads %i characters to %i bytes", (length, padded) => {
  expect(padJson("x".repeat(length)).length).toBe(padded);
});

it("seals nothing that is no JSON or fits no batch", () => {
  const key = newKey(place.row);
  expect(() => sealValue(undefined, place, key)).toThrow(TypeError);
  expect(() => sealValue("x".repeat(65_534), place, key)).toThrow(RangeError);
});

it("opens many, and says for each that stays closed why", () => {
  const [key, other] = [newKey(place.row), newKey(place.row)];
  const values = ["a", "ü".repeat(3000), null, 7];
  const sealed = sealMany(
    values.map((value) => ({ value, place })),
    key,
  );
  const items = [
    ...sealed.map((text) => ({ sealed: text, place })),
    { sealed: sealValue("b", place, other), place },
    { sealed: sealed[0] ?? "", place: { ...place, column: "next_step" } },
    { sealed: "clear", place },
  ];
  const opened = openMany(items, new Map([[key.id, key]]));
  expect(opened.slice(0, 4)).toEqual(values);
  expect(opened.slice(4).map((one) => one instanceof KeyProblem && one.code)).toEqual([
    "key_unknown",
    "unreadable",
    "malformed",
  ]);
});

it("keeps drafts apart by name and by seed", () => {
  const user = "5".repeat(32);
  const [mine, later] = [ownKey(identityOf(newSeed()), user), ownKey(identityOf(newSeed()), user)];
  const long = `draft|visit|${"ü".repeat(3000)}`;
  const sealed = sealOwn({ note: "Küche" }, long, mine);
  expect(openOwn(sealed, long, mine)).toEqual({ note: "Küche" });
  expect(() => openOwn(sealed, `${long}x`, mine)).toThrow(new KeyProblem("unreadable"));
  expect(() => openOwn(sealed, long, later)).toThrow(new KeyProblem("key_unknown"));
});

it("refuses weak parameters before it derives anything", () => {
  const salt = toBase64url(new Uint8Array(16));
  // Deriving a thousand times would take minutes: the time limit of a test would tell.
  for (let i = 0; i < 1000; i++) {
    expect(() => deriveMaster("x", { salt, opslimit: 3, memlimit: 2 ** 26 - 1 })).toThrow(
      new KeyProblem("kdf_too_weak"),
    );
  }
  expect(() => deriveMaster("x", { salt, opslimit: 3.5, memlimit: 2 ** 26 })).toThrow(
    new KeyProblem("malformed"),
  );
});

it("wraps a seed for one person under one password", () => {
  const [master, seed] = [newSeed(), newSeed()];
  const wrapped = wrapSeed(master, seed, "a");
  expect(openSeed(master, wrapped, "a")).toEqual(seed);
  expect(() => openSeed(master, wrapped, "b")).toThrow(new KeyProblem("wrong_password"));
  expect(() => openSeed(newSeed(), wrapped, "a")).toThrow(new KeyProblem("wrong_password"));
});

it("forgets when told to", () => {
  const identity = identityOf(newSeed());
  wipeIdentity(identity);
  for (const secret of [identity.box.secretKey, identity.sign.secretKey, identity.own]) {
    expect(secret.every((byte) => byte === 0)).toBe(true);
  }
});

it("trusts the same people in whatever order it hears of them", () => {
  const straight = trustedMembers(person("anna"), seal.world.statements).members;
  const orders = fc.shuffledSubarray(seal.world.statements, {
    minLength: seal.world.statements.length,
  });
  fc.assert(
    fc.property(orders, (statements) => {
      const { members, refused } = trustedMembers(person("anna"), statements);
      expect(Object.fromEntries(members)).toEqual(Object.fromEntries(straight));
      expect(refused).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

it("seals under no older epoch when the server takes one back", () => {
  const { members } = trustedMembers(person("anna"), seal.world.statements);
  const [first, second] = seal.world.epochs;
  const pins = seal.world.epochs.map(({ key_id }) => key_id);
  const under = (epochs: typeof seal.world.epochs, pinned: string[]) =>
    currentEpoch(trustedEpochs(seal.world.team, members, epochs, pinned));
  expect(under(seal.world.epochs, pins)).toBe(second);
  expect(under(seal.world.epochs.slice(0, 1), pins)).toBeNull();
  expect(under(seal.world.epochs.slice(0, 1), [])).toBe(first);
  expect(under([], [])).toBeNull();
});

it("opens team keys first, and survives rubbish", () => {
  const of = (name: string) => seal.vectors.find((vector) => vector.name === name)?.args as never;
  const { envelope: team } = of("Berta gets the team key") as { envelope: never };
  const { envelope: ofCase } = of("Berta opens a case") as { envelope: never };
  const batch = [ofCase, { purpose: "case" } as never, null as never, team];
  const { keys, refused } = openEnvelopes(batch, reader({ me: "berta" }), new Map());
  const [first] = seal.world.team_keys as [Paper];
  expect(keys.size).toBe(2);
  expect(keys.get(first.id)).toEqual(keyOf(first));
  expect(refused.map(({ code }) => code)).toEqual(["malformed", "malformed"]);
});

it("makes a good password of its own randomness", () => {
  expect(generatePassword()).not.toBe(generatePassword());
  expect(passwordProblem(generatePassword())).toBeNull();
  expect(() => generatePassword(new Uint8Array(9))).toThrow(RangeError);
});

it("says nothing about keys in a failure", () => {
  const key = newKey(place.row);
  const sealed = sealValue("Kanarienvogel", place, key);
  const ring = new Map([[key.id, key]]);
  let shown = "";
  try {
    openValue(sealed, { ...place, row: "0".repeat(32) }, ring);
  } catch (error) {
    shown = `${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`;
  }
  expect(shown).toContain("KeyProblem");
  for (const secret of [toHex(key.key), toBase64url(key.key), key.key.join(), "Kanarienvogel"]) {
    expect(shown).not.toContain(secret);
  }
});
