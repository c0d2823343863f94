/**
 * The vault's work when somebody has left, or a recovery sheet was lost: that is signed, the team
 * gets its next key, and every case a key that only those know who stayed. When a handover has
 * ended, the case alone gets one. Loaded when it is wanted.
 *
 * Everything is found out anew from what is stored, so whoever is interrupted, or comes second, goes
 * on with what is missing.
 */
import type { CaseKeyRank } from "./case_keys";
import type { EnvelopeRecord, RowRecord, WireMember } from "./db";
import { endsOf } from "./handover_ends";
import { instantNow } from "./ids";
import type { Renewed, Succession } from "./keyring";
import {
  closeCaseKey,
  closeTeamKey,
  type Epoch,
  handCaseKey,
  LEFT,
  type Member,
  makeEpoch,
  makeStatement,
  newKey,
  type Person,
  RECOVERY,
  type SealingKey,
  type Identity as Secrets,
  type Statement,
} from "./keys";

/** What of the vault this works on. */
export interface TeamKeys {
  /** Now, by the server's clock. */
  at: string;
  me: { person: Person; secrets: Secrets };
  people: ReadonlyMap<string, Member>;
  served: ReadonlyMap<string, WireMember>;
  /** Those held, by key id. */
  teamKeys: ReadonlyMap<string, SealingKey>;
  current: Epoch;
  ofCase: ReadonlyMap<string, readonly EnvelopeRecord[]>;
  /** Team keys closed here for others: `<reader> <key id>`. */
  provided: Set<string>;
  handovers: readonly RowRecord[];
  keysOf(owner: string): CaseKeyRank[];
  keyOf(keyId: string): SealingKey | undefined;
  /** Whether this envelope opens, by somebody who is believed. */
  open(envelope: EnvelopeRecord): boolean;
}

const STANDING_IN: ReadonlySet<string> = new Set(["deputy", "pap"]);
const READING: ReadonlySet<string> = new Set(["ab_pap", RECOVERY]);
/** Whoever minted the key closes the cases; the others only when she was interrupted. */
const TURN_MS = 10 * 60_000;

/** Whether anything is to be done on this phone. */
export function isDue(keys: TeamKeys): boolean {
  return (
    leavers(keys).length > 0 ||
    isOvertaken(keys, lastEnd(keys)) ||
    lacking(keys).length > 0 ||
    (isOurTurn(keys) && openCases(keys).length > 0)
  );
}

/** The words that somebody has left, and the next team key where one who left knows this one. */
export function succeed(keys: TeamKeys): Succession {
  const { me, people, current } = keys;
  const gone = leavers(keys).map((member) => ({ member, at: endOf(keys, member) }));
  const statements = gone.map(({ member }) => ({
    statement: leftOf(keys, member),
    envelopes: [],
  }));
  const ends = gone.filter(({ member }) => member.admitters.size > 0).map(({ at }) => at);
  const end = latest([lastEnd(keys), ...ends]);
  if (!isOvertaken(keys, end)) return { statements, epoch: null };
  const at = latest([keys.at, current.at, second(end)]);
  const key = newKey(me.person.team);
  const signed = new Set(gone.map(({ member }) => member.user));
  const staying = [...people.values()].filter(
    (member) => !signed.has(member.user) && (member.user === me.person.user || reads(keys, member)),
  );
  const envelopes = staying.map((member) =>
    closeTeamKey(key, me.person, me.secrets.sign, recipient(keys, member), at),
  );
  return {
    statements,
    epoch: { epoch: makeEpoch(me.person, me.secrets.sign, key, current, at), envelopes },
  };
}

/** The words that nobody is to count on any of the sheets there are, for one of them was lost. */
export function endSheets(keys: TeamKeys): Statement[] {
  const sheets = [...keys.people.values()].filter(({ role }) => role === RECOVERY);
  return sheets.map((sheet) => leftOf(keys, sheet));
}

/** The next envelopes that are missing. */
export function renew(keys: TeamKeys, handed: Record<string, string[]>, most: number): Renewed {
  const { me, at, provided } = keys;
  const envelopes: EnvelopeRecord[] = [];
  for (const [member, key] of lacking(keys)) {
    provided.add(`${member.user} ${key.id}`);
    envelopes.push(closeTeamKey(key, me.person, me.secrets.sign, member, at));
  }
  const total = keys.ofCase.size;
  const open = openCases(keys);
  if (!isOurTurn(keys)) return { envelopes, done: total - open.length, total };
  let done = total - open.length;
  for (const owner of open) {
    if (envelopes.length >= most) break;
    envelopes.push(...caseEnvelopes(keys, owner, handed[owner] ?? []));
    done += 1;
  }
  return { envelopes, done, total };
}

/** People the office has ended, of whom nobody has signed it yet. */
function leavers({ served, people, me }: TeamKeys): Member[] {
  return [...served.values()].flatMap(({ user, left, sign_public }) => {
    const pinned = people.get(user);
    const same = pinned?.signPublic === sign_public && user !== me.person.user;
    return left && pinned && same && pinned.role !== LEFT ? [pinned] : [];
  });
}

/** Whether somebody who is no aB-pAp any more was one when the present key was minted, or after. */
function isOvertaken({ current }: TeamKeys, end: string): boolean {
  return end >= current.at;
}

/** When the last of those ended who were aB-pAp once; "" for nobody. */
function lastEnd({ people, me }: TeamKeys): string {
  const others = [...people.values()].filter(({ user }) => user !== me.person.user);
  return latest(others.map(({ ended }) => ended ?? ""));
}

/** The word that somebody has left. */
function leftOf(keys: TeamKeys, member: Member): Statement {
  const { person, secrets } = keys.me;
  const at = endOf(keys, member);
  return makeStatement(person, secrets.sign, personOf(member, person), LEFT, at);
}

/** From when on nothing she signs counts: she knows the present key, so another must follow it. */
function endOf({ at, current }: TeamKeys, { at: said }: Member): string {
  return latest([at, current.at, second(said)]);
}

/** Colleagues who should hold a team key that is here, and have none closed for them. */
function lacking(keys: TeamKeys): [Member, SealingKey][] {
  return [...keys.served.values()].flatMap(({ user, lacks }) => {
    const member = keys.people.get(user);
    if (!lacks || !member || !reads(keys, member)) return [];
    return lacks.flatMap((keyId): [Member, SealingKey][] => {
      const key = keys.teamKeys.get(keyId);
      return key && !keys.provided.has(`${user} ${keyId}`) ? [[member, key]] : [];
    });
  });
}

/** Whether she is here, admitted, and by signature an aB-pAp (or the sheet) with these very keys. */
function reads({ served }: TeamKeys, { user, role, boxPublic, signPublic }: Member): boolean {
  const shown = served.get(user);
  if (!shown?.admitted || shown.left || !READING.has(role) || shown.role !== role) return false;
  return shown.box_public === boxPublic && shown.sign_public === signPublic;
}

function isOurTurn({ current, me, at }: TeamKeys): boolean {
  if (current.author === me.person.user) return true;
  return Date.parse(at) - Date.parse(current.at) > TURN_MS;
}

/**
 * Cases with a key that opens here, and that lack a closing under the present epoch, or a key that
 * only those know who may read the case now.
 */
function openCases(keys: TeamKeys): string[] {
  const ends = handoverEnds(keys);
  // The first team key was closed for all there were.
  const first = keys.current.previous === "";
  const owners = first
    ? [...ends.keys()].filter((one) => keys.ofCase.has(one))
    : keys.ofCase.keys();
  return [...owners].filter((owner) => missing(keys, owner, ends) !== null);
}

function handoverEnds({ handovers, at, people }: TeamKeys): ReadonlyMap<string, string> {
  return endsOf(handovers, at, (user) => {
    const member = people.get(user);
    return member?.role === LEFT ? member.at : undefined;
  });
}

/** What a case lacks: the keys to close under the present epoch, and whether it needs a new one. */
function missing(
  keys: TeamKeys,
  owner: string,
  ends: ReadonlyMap<string, string>,
): { old: string[]; fresh: boolean } | null {
  const known = keys.keysOf(owner);
  if (known.length === 0) return null;
  const under = (keys.ofCase.get(owner) ?? []).filter(
    (envelope) => envelope.reader === keys.current.key_id && keys.open(envelope),
  );
  const closed = new Set(under.map(({ key_id }) => key_id));
  const old = known.map(({ keyId }) => keyId).filter((keyId) => !closed.has(keyId));
  const [newest] = known as [CaseKeyRank, ...CaseKeyRank[]];
  const wasHanded = newest.at <= (ends.get(owner) ?? "");
  const fresh = wasHanded || newest.since < keys.current.epoch - 1;
  return old.length > 0 || fresh ? { old, fresh } : null;
}

function caseEnvelopes(keys: TeamKeys, owner: string, users: readonly string[]): EnvelopeRecord[] {
  const { me, at, current, teamKeys } = keys;
  const [{ person }, { sign }] = [me, me.secrets];
  const teamKey = teamKeys.get(current.key_id) as SealingKey;
  const ends = handoverEnds(keys);
  const lacks = missing(keys, owner, ends);
  // Younger than the end it answers, or it would be answered again.
  const then = latest([at, second(ends.get(owner) ?? "")]);
  const under = (key: SealingKey): EnvelopeRecord => closeCaseKey(key, person, sign, teamKey, then);
  const old = (lacks?.old ?? []).flatMap((keyId) => keys.keyOf(keyId) ?? []).map(under);
  if (!lacks?.fresh) return old;
  const key = newKey(owner);
  const deputies = users.flatMap((user) => keys.people.get(user) ?? []);
  const handed = deputies.filter((one) => mayStandIn(keys, one));
  return [...old, under(key), ...handed.map((one) => handCaseKey(key, person, sign, one, then))];
}

function mayStandIn({ served }: TeamKeys, { user, role, signPublic }: Member): boolean {
  const shown = served.get(user);
  return STANDING_IN.has(role) && shown?.sign_public === signPublic && !shown.left;
}

/** Oneself by one's own keys, whatever anybody signed. */
function recipient({ me }: TeamKeys, member: Member): { user: string; boxPublic: string } {
  return member.user === me.person.user ? me.person : member;
}

function personOf({ user, boxPublic, signPublic }: Member, { team }: Person): Person {
  return { user, team, boxPublic, signPublic };
}

function latest(instants: readonly string[]): string {
  return instants.reduce((last, one) => (one > last ? one : last), "");
}

/** The second after an instant; "" stays. */
function second(instant: string): string {
  return instant === "" ? "" : instantNow(Date.parse(instant) + 1_000);
}
