/** The calls that seal.json and words.json name, in TypeScript. */

import { fromBase64url, fromHex, toBase64url } from "@pwa/platform/encoding";
import {
  checkServed,
  closeCaseKey,
  codeOf,
  deriveMaster,
  type Envelope,
  type Epoch,
  identityOf,
  KeyProblem,
  letterBox,
  loginKey,
  makeEpoch,
  makeStatement,
  openEnvelope,
  openSeed,
  openValue,
  ownKey,
  type Person,
  type Place,
  RESCUE_HEAD,
  type Role,
  type SealingKey,
  type Statement,
  safetyNumber,
  sealValue,
  signRescue,
  trustedEpochs,
  trustedMembers,
  wrapSeed,
} from "@pwa/platform/keys";
import { canonicalPassword, generatePassword, passwordProblem } from "@pwa/platform/passwords";
import { recoverySecret, recoverySeed, recoveryWords } from "@pwa/platform/recovery_key";
import { boxOpen, kdf, verifyText } from "@pwa/platform/vault";
import seal from "@sync/vectors/seal.json";

export interface Paper {
  id: string;
  key: string;
}
type Name = keyof typeof seal.world.people;
interface Known {
  me: Name;
  more?: Statement[];
}

const { world } = seal;

export const seedOf = (name: Name) => fromBase64url(world.people[name].seed);
export const identity = (name: Name) => identityOf(seedOf(name));

export function person(name: Name): Person {
  const { user, box_public, sign_public } = world.people[name];
  return { user, team: world.team, boxPublic: box_public, signPublic: sign_public };
}

export const keyOf = (paper: Paper): SealingKey => ({
  id: paper.id,
  key: fromBase64url(paper.key),
});
export const ring = (papers: Paper[]) => new Map(papers.map((paper) => [paper.id, keyOf(paper)]));
const onPaper = ({ id, key }: SealingKey): Paper => ({ id, key: toBase64url(key) });

export function known({ me, more = [] }: Known) {
  return trustedMembers(person(me), [...world.statements, ...more]);
}

export function reader(args: Known) {
  const { members } = known(args);
  const { epochs } = trustedEpochs(world.team, members, world.epochs);
  return {
    me: person(args.me),
    identity: identity(args.me),
    members,
    epochs: new Map(epochs.map((epoch) => [epoch.key_id, epoch])),
  };
}

function shown(args: Known) {
  const { members, refused } = known(args);
  const entries = [...members].map(([user, member]) => {
    const { role, boxPublic, signPublic, at, ended } = member;
    return [user, { role, box_public: boxPublic, sign_public: signPublic, at, ended }];
  });
  return { members: Object.fromEntries(entries), refused: refused.map(({ code }) => code) };
}

/** What the server does: no phone ever opens one. */
function openRescue({ file, reader, author }: { file: string; reader: Name; author: Name }) {
  if (!file.startsWith(RESCUE_HEAD)) throw new KeyProblem("malformed");
  const box = fromBase64url(file.slice(RESCUE_HEAD.length).trim());
  const inner = boxOpen(box, identity(reader).box);
  if (!inner) throw new KeyProblem("unreadable");
  if (inner.length < 64) throw new KeyProblem("malformed");
  const signature = inner.subarray(0, 64);
  let content: string;
  try {
    content = new TextDecoder("utf-8", { fatal: true }).decode(inner.subarray(64));
  } catch {
    throw new KeyProblem("malformed");
  }
  const signed = verifyText(signature, `zz1|rescue|${content}`, identity(author).sign.publicKey);
  return { signature: toBase64url(signature), content, signed };
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments come from JSON, the vectors type them
export const calls: Record<string, (args: any) => unknown> = {
  kdf: ({ key, subkey, context }) => toBase64url(kdf(fromBase64url(key), subkey, context)),
  derive_master: ({ password, ...parameters }) => {
    const master = deriveMaster(password, parameters);
    return { master: toBase64url(master), login_key: loginKey(master) };
  },
  wrap_seed: ({ master, seed, user, nonce }) =>
    wrapSeed(fromBase64url(master), fromBase64url(seed), user, fromBase64url(nonce)),
  open_seed: ({ master, wrapped, user }) =>
    toBase64url(openSeed(fromBase64url(master), wrapped, user)),
  recovery_words: ({ secret }) => recoveryWords(fromBase64url(secret)),
  recovery_secret: ({ words }) => toBase64url(recoverySecret(words)),
  recovery_identity: ({ secret, team }) => {
    const { box, sign } = identityOf(recoverySeed(fromBase64url(secret), team));
    return { box_public: toBase64url(box.publicKey), sign_public: toBase64url(sign.publicKey) };
  },
  identity: ({ who }: { who: Name }) => {
    const mine = identity(who);
    return {
      box_public: toBase64url(mine.box.publicKey),
      sign_public: toBase64url(mine.sign.publicKey),
      own: onPaper(ownKey(mine, world.people[who].user)),
    };
  },
  letter_box: ({ key }) => toBase64url(letterBox(keyOf(key)).publicKey),
  seal_value: ({ value, place, key, nonce }) =>
    sealValue(value, place, keyOf(key), fromBase64url(nonce)),
  open_value: ({ sealed, place, keys }: { sealed: string; place: Place; keys: Paper[] }) =>
    openValue(sealed, place, ring(keys)),
  make_statement: (args: { author: Name; subject: Name; role: Role; at: string }) =>
    makeStatement(
      person(args.author),
      identity(args.author).sign,
      person(args.subject),
      args.role,
      args.at,
    ),
  trusted_members: shown,
  believe_statements: (args: Known) => {
    const { members, refused } = shown(args);
    const before = shown({ me: args.me }).members;
    if (JSON.stringify(members) !== JSON.stringify(before)) throw new Error("somebody changed");
    return { users: Object.keys(members).sort(), refused };
  },
  check_served: ({ served, ...rest }) => {
    const code = checkServed(known(rest).members, served);
    if (code !== null) throw new KeyProblem(code);
    return null;
  },
  make_epoch: (args: { author: Name; key: Paper; previous: Epoch | null; at: string }) =>
    makeEpoch(
      person(args.author),
      identity(args.author).sign,
      keyOf(args.key),
      args.previous,
      args.at,
    ),
  trusted_epochs: (args: Known & { pinned: string[]; epochs?: Epoch[] }) => {
    const served = args.epochs ?? world.epochs;
    const { epochs, refused } = trustedEpochs(world.team, known(args).members, served, args.pinned);
    return { epochs: epochs.map((e) => e.key_id), refused: refused.map(({ code }) => code) };
  },
  close_case_key: (args: { author: Name; key: Paper; epoch: Paper; at: string; nonce: string }) =>
    closeCaseKey(
      keyOf(args.key),
      person(args.author),
      identity(args.author).sign,
      keyOf(args.epoch),
      args.at,
      fromBase64url(args.nonce),
    ),
  open_envelope: (args: Known & { envelope: Envelope; keys: Paper[] }) =>
    onPaper(openEnvelope(args.envelope, reader(args), ring(args.keys))),
  sign_rescue: ({ author, content }: { author: Name; content: string }) =>
    toBase64url(signRescue(content, identity(author).sign)),
  open_rescue: openRescue,
  safety_number: ({ a, b }) => safetyNumber(person(a), person(b)),
  generate_password: (arg: string) => generatePassword(fromHex(arg)),
  password_problem: passwordProblem,
  canonical_password: canonicalPassword,
};

/** The name of the refusal a call ends with, or what it gives. */
export function outcome(run: () => unknown): { gives: unknown } | { fails: string } {
  try {
    return { gives: run() };
  } catch (error) {
    return { fails: codeOf(error) };
  }
}
