/**
 * The vault: all keys of one person, and everything that needs one. Runs in a worker of its own;
 * knows nothing of workers, so that tests can hold it in their hands.
 *
 * Envelopes of case keys are opened when a key is first needed: a store of thousands of cases opens
 * at once. What was refused is remembered and told with the next answer.
 */
import { keyOwner, sealedKeyId } from "@sync/operation";
import { type CaseKeyRank, newestFirst, pushTo } from "./case_keys";
import type { EnvelopeRecord, RowRecord, WireMember } from "./db";
import { instantNow } from "./ids";
import { VaultProblem } from "./key_problems";
import type {
  Identity,
  KdfParameters,
  Opened,
  OpenJob,
  RefusedKey,
  Renewed,
  SealJob,
  Succession,
  TeamFacts,
  TeamVerdict,
  VaultApi,
} from "./keyring";
import {
  checkServed,
  closeCaseKey,
  closeRescue,
  closeTeamKey,
  codeOf,
  currentEpoch,
  type Envelope,
  type Epoch,
  handCaseKey,
  type KeyProblemCode,
  LEFT,
  loadVault,
  loginKey,
  type Member,
  makeEpoch,
  makeStatement,
  missesSheet,
  newKey,
  openEnvelope,
  openOwn,
  openValue,
  type Reader,
  type Role,
  type SealingKey,
  type Statement,
  safetyNumber,
  sealOwn,
  sealValue,
  trustedEpochs,
  trustedMembers,
  wipe,
} from "./keys";
import type { Derive } from "./vault_account";
import { type Me, openIdentity, passkeyMaster } from "./vault_identity";
import type { TeamKeys } from "./vault_renewal";
import { type Subject, sameSubject, subjectIn } from "./vault_subject";

/** Roles that see what was handed to them. */
const STANDING_IN: ReadonlySet<string> = new Set(["deputy", "pap"]);

const seldom = () => import("./vault_seldom");

type TeamPeople = ReadonlyMap<string, Member>;

export class VaultCore implements VaultApi {
  private readonly derive: Derive;
  private master: Uint8Array | null = null;
  private me: Me | null = null;
  private people: TeamPeople = new Map();
  private served = new Map<string, WireMember>();
  private epochs = new Map<string, Epoch>();
  private handovers: readonly RowRecord[] = [];
  private current: Epoch | null = null;
  /** Whom the safety number last shown was about: only her keys and role are ever signed. */
  private readonly compared = new Map<string, Subject>();
  /** Opened team and case keys by key id. */
  private readonly keys = new Map<string, SealingKey>();
  /** Keys made here whose envelopes are not stored yet. */
  private readonly made = new Map<string, SealingKey>();
  private readonly envelopes = new Map<string, EnvelopeRecord[]>();
  /** Per case its key ids, the newest envelope last. */
  private readonly ofCase = new Map<string, EnvelopeRecord[]>();
  private readonly refused = new Map<string, RefusedKey>();
  /** Envelopes that were opened: who signed them is believed. */
  private readonly opens = new Set<EnvelopeRecord>();
  /** Team keys closed here for others since the state came: `<reader> <key id>`. */
  private readonly provided = new Set<string>();

  constructor(derive: Derive) {
    this.derive = derive;
  }

  async loginKey(password: string, parameters: KdfParameters): Promise<string> {
    await loadVault();
    this.keepMaster(await this.derive(password, parameters));
    return loginKey(this.master as Uint8Array);
  }

  async open(identity: Identity): Promise<void> {
    if (!this.master) throw new VaultProblem("wrong_password");
    this.me = openIdentity(this.master, identity);
    this.keepMaster(null);
  }

  async rewrap(...given: Parameters<VaultApi["rewrap"]>) {
    return (await seldom()).rewrapped(this.derive, this.opened().person, ...given);
  }

  async usePasskey(answer: Uint8Array): Promise<void> {
    await loadVault();
    this.keepMaster(passkeyMaster(answer));
  }

  async closeForPasskey(...given: Parameters<VaultApi["closeForPasskey"]>) {
    return (await seldom()).closedForPasskey(this.derive, this.opened().person, ...given);
  }

  async create(user: string, password: string) {
    await loadVault();
    const { account, master } = await (await seldom()).newAccount(this.derive, user, password);
    this.keepMaster(master);
    return account;
  }

  async absorb(facts: TeamFacts): Promise<TeamVerdict> {
    const { person } = this.opened();
    this.refused.clear();
    // The shapes are checked by trust.ts, name by name: the server's word is only a word here.
    const statements = facts.statements as unknown as Statement[];
    const { members, refused } = trustedMembers(person, statements);
    for (const { what, code } of refused) {
      // Before the first comparison everybody is a stranger: that is no news.
      if (members.size > 1 || code !== "statement_untrusted") {
        this.refuse(code, what.subject, what.author);
      }
    }
    this.people = members;
    this.served = new Map(facts.members.map((member) => [member.user, member]));
    const trusted = facts.members.filter((one) => !one.left && this.isTrusted(one));
    const chain = trustedEpochs(person.team, members, facts.epochs as never, facts.pinnedEpochs);
    for (const { what, code } of chain.refused) {
      if (members.size > 1) this.refuse(code, what?.key_id ?? "", what?.author ?? null);
    }
    this.epochs = new Map(chain.epochs.map((epoch) => [epoch.key_id, epoch]));
    this.current = currentEpoch(chain);
    for (const store of [this.envelopes, this.ofCase, this.opens, this.provided]) store.clear();
    this.hold(facts.envelopes);
    this.forgetKeys();
    this.handovers = facts.handovers;
    const touched =
      facts.epochs.length > 1 ||
      facts.handovers.length > 0 ||
      facts.members.some((one) => one.left ?? one.lacks) ||
      // A lost sheet: nobody serves it any more.
      [...members.values()].some(({ ended }) => ended);
    return {
      trusted: Object.fromEntries(trusted.map((member) => [member.user, this.roleOf(member)])),
      refused: [...this.refused.values()],
      hasTeamKey: this.newestTeamKey() !== null,
      pinnedEpochs: this.pins(facts.pinnedEpochs),
      sheetMissing: missesSheet(members, facts.members, facts.sheets),
      renewal: touched && (await this.renewal(facts.at, ({ isDue }, keys) => isDue(keys))) === true,
    };
  }

  async learn(envelopes: EnvelopeRecord[]): Promise<RefusedKey[]> {
    this.hold(envelopes);
    return [...this.refused.values()];
  }

  async openValues(jobs: OpenJob[]): Promise<Opened[]> {
    const { team } = this.opened().person;
    return jobs.map(({ sealed, owner, ...where }): Opened => {
      try {
        // A key of another case, be it known, never speaks for this row.
        if (keyOwner(sealedKeyId(sealed)) !== owner) return { state: "unreadable" };
        return { state: "open", value: openValue(sealed, { team, ...where }, this.ring) };
      } catch (error) {
        if (error instanceof RangeError) return { state: "unreadable" }; // Not even a sealed value.
        return { state: codeOf(error) === "key_unknown" ? "no_key" : "unreadable" };
      }
    });
  }

  async sealValues(jobs: SealJob[]): Promise<string[]> {
    const { team, user: author } = this.opened().person;
    return jobs.map(({ key: wanted, value, table, row, column, stamp }) => {
      const key = this.sealingKey(wanted);
      return sealValue(value, { team, table, row, column, stamp, author }, key);
    });
  }

  async makeCaseKey(owner: string, at: string): Promise<EnvelopeRecord> {
    const { person, secrets } = this.opened();
    const teamKey = this.newestTeamKey();
    if (!teamKey) throw new VaultProblem("not_admitted");
    const key = newKey(owner);
    this.made.set(key.id, key);
    return closeCaseKey(key, person, secrets.sign, teamKey, at);
  }

  async handCase(owner: string, user: string, at: string): Promise<EnvelopeRecord[]> {
    const { person, secrets } = this.opened();
    const { boxPublic, role } = this.people.get(user) ?? {};
    // Only to somebody whose safety number was compared, as what was signed then.
    if (boxPublic === undefined || !STANDING_IN.has(role ?? ""))
      throw new VaultProblem("not_a_member");
    const ids = new Set((this.ofCase.get(owner) ?? []).map(({ key_id }) => key_id));
    const keys = [...ids].map((id) => this.keyOf(id)).filter((key) => key !== undefined);
    if (keys.length === 0) throw new VaultProblem("key_missing");
    return keys.map((key) => handCaseKey(key, person, secrets.sign, { user, boxPublic }, at));
  }

  async mint(at: string): Promise<Record<string, unknown>> {
    const { person, secrets } = this.opened();
    const key = newKey(person.team);
    return {
      epoch: makeEpoch(person, secrets.sign, key, null, at),
      statement: makeStatement(person, secrets.sign, person, "ab_pap", at),
      envelopes: [closeTeamKey(key, person, secrets.sign, person, at)],
    };
  }

  async admit(user: string, at: string): Promise<Record<string, unknown>> {
    const { person, secrets } = this.opened();
    const subject = this.compared.get(user);
    // What the server says now may be something else than what two people have read to each other.
    if (!subject || !sameSubject(subject, this.subjectOf(user))) {
      throw new VaultProblem("keys_changed");
    }
    const { role } = subject;
    // The newest word counts: a new one about somebody must be later than the last.
    const last = this.people.get(user)?.at ?? "";
    const said = at > last ? at : instantNow(Date.parse(last) + 1_000);
    const statement = makeStatement(person, secrets.sign, subject, role, said);
    const teamKeys = role === "ab_pap" ? this.teamKeys() : [];
    const close = (key: SealingKey): Envelope =>
      closeTeamKey(key, person, secrets.sign, subject, at);
    return { statement, envelopes: teamKeys.map(close) };
  }

  async safetyNumber(user: string): Promise<string[]> {
    const subject = this.subjectOf(user);
    const number = safetyNumber(this.opened().person, subject);
    this.compared.set(user, subject);
    return number;
  }

  async succession(at: string): Promise<Succession> {
    const found = await this.renewal(at, ({ succeed }, keys) => succeed(keys));
    return found ?? { statements: [], epoch: null };
  }

  async renew(handed: Record<string, string[]>, at: string, most: number): Promise<Renewed> {
    const renewed = await this.renewal(at, ({ renew }, keys) => renew(keys, handed, most));
    return renewed ?? { envelopes: [], done: 0, total: 0 };
  }

  async makeSheet(id: string, at: string, lost: boolean): ReturnType<VaultApi["makeSheet"]> {
    if (!this.newestTeamKey()) throw new VaultProblem("not_admitted");
    const words = lost && (await this.renewal(at, ({ endSheets }, keys) => endSheets(keys)));
    return (await seldom()).newSheet(this.opened(), this.teamKeys(), [id, at], words || []);
  }

  async takeOver(...[words, sheet, team, at]: Parameters<VaultApi["takeOver"]>) {
    return (await seldom()).takeOver(this.opened(), words, sheet, team as never, at);
  }

  async sealOwn(name: string, value: unknown): Promise<string> {
    return sealOwn(value, name, this.opened().own);
  }

  async openOwn(name: string, sealed: string): Promise<unknown> {
    return openOwn(sealed, name, this.opened().own);
  }

  readonly sealNote: VaultApi["sealNote"] = async (...given) => (await seldom()).sealNote(...given);
  readonly openNotes: VaultApi["openNotes"] = async (notes) =>
    (await seldom()).openNotes(this.opened(), notes);

  async closeRescue(content: string, to: string): Promise<string> {
    return closeRescue(content, this.opened().secrets.sign, to);
  }

  /** A ring that opens envelopes as their keys are asked for. */
  private readonly ring = {
    get: (keyId: string) => this.keyOf(keyId),
  } as Pick<ReadonlyMap<string, SealingKey>, "get"> as ReadonlyMap<string, SealingKey>;

  /** What is to be done when somebody has left; null for whoever holds no current team key. */
  private async renewal<T>(
    at: string,
    work: (renewal: typeof import("./vault_renewal"), keys: TeamKeys) => T,
  ): Promise<T | null> {
    const { person, secrets } = this.opened();
    const [current, teamKey] = [this.current, this.newestTeamKey()];
    if (!current || !teamKey || this.people.get(person.user)?.role !== "ab_pap") return null;
    const renewal = await import("./vault_renewal");
    return work(renewal, {
      at,
      me: { person, secrets },
      people: this.people,
      served: this.served,
      teamKeys: new Map(this.teamKeys().map((key) => [key.id, key])),
      current,
      ofCase: this.ofCase,
      provided: this.provided,
      handovers: this.handovers,
      keysOf: (owner) => this.keysOf(owner),
      keyOf: (keyId) => this.keyOf(keyId),
      open: (envelope) => this.isGood(envelope),
    });
  }

  private opened(): Me {
    if (!this.me) throw new VaultProblem("locked");
    return this.me;
  }

  private keepMaster(master: Uint8Array | null): void {
    if (this.master) wipe(this.master);
    this.master = master;
  }

  /** Keeps envelopes for later; team keys are opened at once, for everything hangs on them. */
  private hold(envelopes: readonly EnvelopeRecord[]): void {
    for (const envelope of envelopes) {
      // Closed for somebody else, by this phone: it cannot be opened here.
      if (envelope.reader.length === 32 && envelope.reader !== this.opened().person.user) continue;
      pushTo(this.envelopes, envelope.key_id, envelope);
      if (envelope.purpose === "case") pushTo(this.ofCase, envelope.owner, envelope);
    }
    for (const envelope of envelopes) if (envelope.purpose === "team") this.keyOf(envelope.key_id);
  }

  /** What no envelope speaks of any more was handed to this person, and that is over. */
  private forgetKeys(): void {
    for (const [id, { key }] of this.keys) {
      if (this.envelopes.has(id)) continue;
      wipe(key);
      this.keys.delete(id);
    }
  }

  private keyOf(keyId: string): SealingKey | undefined {
    const held = this.keys.get(keyId) ?? this.made.get(keyId);
    if (held) return held;
    for (const envelope of this.envelopes.get(keyId) ?? []) {
      const key = this.tryEnvelope(envelope);
      if (key) return key;
    }
    return undefined;
  }

  private tryEnvelope(envelope: EnvelopeRecord): SealingKey | null {
    const { person, secrets } = this.opened();
    const reader: Reader = {
      me: person,
      identity: secrets,
      members: this.people,
      epochs: this.epochs,
    };
    try {
      const key = openEnvelope(envelope as Envelope, reader, this.keys);
      this.keys.set(key.id, key);
      this.opens.add(envelope);
      return key;
    } catch (error) {
      const code = codeOf(error);
      // Not yet: the team key, or the word about whoever minted or closed it, may still come.
      const waits = code === "key_unknown" || (code === "epoch_untrusted" && this.people.size < 2);
      if (!waits) this.refuse(code, envelope.owner, envelope.author);
      return null;
    }
  }

  private sealingKey(wanted: string): SealingKey {
    const id = wanted.length === 48 ? wanted : this.keysOf(wanted)[0]?.keyId;
    const key = id === undefined ? id : this.keyOf(id);
    if (!key) throw new VaultProblem("key_missing");
    return key;
  }

  /** The keys of a case that open here, the one to seal with first. */
  private keysOf(owner: string): CaseKeyRank[] {
    const good = (this.ofCase.get(owner) ?? []).filter((envelope) => this.isGood(envelope));
    return newestFirst(good, [...this.epochs.keys()]);
  }

  /** Whether an envelope opens, by somebody who is believed. */
  private isGood(envelope: EnvelopeRecord): boolean {
    return this.opens.has(envelope) || this.tryEnvelope(envelope) !== null;
  }

  private teamKeys(): SealingKey[] {
    return [...this.epochs.keys()]
      .map((id) => this.keys.get(id))
      .filter((key) => key !== undefined);
  }

  /** The newest epoch's key alone: under an older one, somebody who has left could read. */
  private newestTeamKey(): SealingKey | null {
    return this.current ? (this.keys.get(this.current.key_id) ?? null) : null;
  }

  /** What was signed; what the server says only of somebody this phone does not trust yet. */
  private roleOf(member: WireMember): Role {
    const pinned = this.people.get(member.user);
    const same = pinned?.signPublic === member.sign_public && pinned.role !== LEFT;
    return (same && pinned.role) || (member.role as Role);
  }

  /** An epoch this phone has used is pinned: the server cannot take it back or put another there. */
  private pins(before: readonly string[]): string[] {
    const used = [...this.epochs.keys()];
    return used.length > before.length ? used : [...before];
  }

  private isTrusted(member: WireMember): boolean {
    const pinned = this.people.get(member.user);
    if (!pinned) return false;
    const code = checkServed(this.people, member);
    const gone = pinned.role === LEFT;
    // Who comes back has a new seed, and waits to be compared.
    if (code && !(gone && code === "key_swapped")) this.refuse(code, member.user, null);
    return code !== "key_swapped" && !gone;
  }

  /** A colleague as the server shows her now. */
  private subjectOf(user: string): Subject {
    const { team } = this.opened().person;
    return subjectIn(team, this.served.get(user), (member) => this.roleOf(member));
  }

  private refuse(code: KeyProblemCode, subject: string, author: string | null): void {
    this.refused.set(`${code}|${subject}|${author}`, { code, subject, author });
  }
}
