/**
 * The team as this phone believes it: what the server says goes into the vault, what the vault
 * makes of it comes out.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { accountOf, changeAccount } from "./accounts";
import {
  allEnvelopes,
  allMeta,
  durable,
  type EnvelopeRecord,
  type Meta,
  type PersonDb,
  putMeta,
  type WireHeld,
  type WireMember,
  type WireSheet,
  type WireState,
} from "./db";
import { instantNow } from "./ids";
import { KEY_PROBLEMS } from "./key_sentences";
import type { Keyring, RefusedKey, TeamVerdict } from "./keyring";
import { allRows } from "./row_store";
import { touchViews } from "./row_views";
import { envelopeOf } from "./sends";
import type { TeamNews } from "./team_news";

export type Role = "ab_pap" | "deputy" | "pap" | "team_leader" | "admin";
export interface Member {
  user: string;
  displayName: string;
  role: Role;
  /** By the server: rows and keys reach her. */
  admitted: boolean;
  /** By this phone: her keys chain to a comparison of safety numbers. */
  trusted: boolean;
  me: boolean;
}

const team = signal<Member[]>([]);
const rules = signal<Record<string, unknown>>({});
const refusedKeys = signal<string[]>([]);
const held = signal<readonly WireHeld[]>([]);

export const members: ReadonlySignal<Member[]> = team;
/** Who waits for this person, an aB-pAp who is in, to be taken in. */
export const newcomers: ReadonlySignal<Member[]> = computed(() => {
  const mine = team.value.some(({ me, role, admitted }) => me && role === "ab_pap" && admitted);
  return mine ? team.value.filter(({ role, admitted }) => role !== "admin" && !admitted) : [];
});
export const settings: ReadonlySignal<Record<string, unknown>> = rules;
/** Nobody has made the team's key, and this person may. */
export const mintDue = signal(false);
/** Somebody has left: this phone has keys to renew. */
export const renewalDue = signal(false);
/** A restored server knows nothing of the recovery sheet that this person's team has in its safe. */
export const sheetForgotten = signal(false);
/** While keys are renewed here: cases done, of how many. */
export const renewing = signal<{ done: number; total: number } | null>(null);
/** Late work of others that waits for this person's decision. */
export const heldByServer: ReadonlySignal<readonly WireHeld[]> = held;
/** One German sentence for each key that was not believed. */
export const keyProblems: ReadonlySignal<string[]> = refusedKeys;

/** Takes everything the store knows about the team into a vault that is being opened. */
export async function absorbTeam(db: PersonDb, vault: Keyring): Promise<void> {
  const [meta, { envelopes, leftOver }] = await durable(db, () =>
    db.transaction("r", db.meta, db.envelopes, db.outbox, () =>
      Promise.all([allMeta(db), envelopesOf(db)]),
    ),
  );
  const { state } = meta;
  if (!state) return forgetTeam();
  const handovers = await durable(db, () => allRows(db, "handed_case"));
  const statements = union(
    meta.statements ?? [],
    [...state.members, ...(state.recovery ?? [])].flatMap((one) => one.statements),
  );
  const verdict = await vault.ask("absorb", {
    members: [...state.members, ...sheetOf({ state, statements })],
    sheets: (state.recovery ?? []).map(({ id }) => id),
    epochs: state.epochs,
    statements,
    pinnedEpochs: meta.pinnedEpochs ?? [],
    envelopes,
    handovers,
    at: instantNow(Date.now() + (meta.skew ?? 0)),
  });
  const { pinnedEpochs } = verdict;
  // Both only ever grow. Nothing new is nothing to write: a phone whose disk is full opens, too.
  const news =
    statements.length !== meta.statements?.length ||
    pinnedEpochs.length !== meta.pinnedEpochs?.length;
  if (news) await durable(db, () => putMeta(db, { statements, pinnedEpochs }));
  show(db.user, state, verdict);
  renewalDue.value = verdict.renewal || leftOver;
  await keepWhatIsSaid(db.user, state);
}

/** Takes in what a sync has brought while the vault is open. */
export async function absorbNews(db: PersonDb, vault: Keyring, news: TeamNews): Promise<void> {
  if (news.state || news.envelopes === null) await absorbTeam(db, vault);
  else showRefused(await vault.ask("learn", news.envelopes));
  touchViews();
}

/** The screens know nobody any more. */
export function forgetTeam(): void {
  team.value = [];
  rules.value = {};
  refusedKeys.value = [];
  mintDue.value = false;
  renewalDue.value = false;
  sheetForgotten.value = false;
  renewing.value = null;
  held.value = [];
}

function show(user: string, state: WireState, verdict: TeamVerdict): void {
  const { trusted } = verdict;
  const present = state.members.filter(({ left }) => !left);
  team.value = present.map((member) => ({
    user: member.user,
    displayName: member.display_name,
    role: (trusted[member.user] ?? member.role) as Role,
    admitted: member.admitted,
    trusted: Object.hasOwn(trusted, member.user),
    me: member.user === user,
  }));
  rules.value = state.settings;
  held.value = state.held ?? [];
  showRefused(verdict.refused);
  const me = team.value.find((member) => member.me);
  // A server that hides the epochs this phone has used must not get a second first one.
  const none = state.epochs.length === 0 && verdict.pinnedEpochs.length === 0;
  mintDue.value = none && me?.role === "ab_pap";
  sheetForgotten.value = verdict.sheetMissing && me?.role === "ab_pap";
}

function showRefused(refused: readonly RefusedKey[]): void {
  const sentences: Readonly<Record<string, string>> = KEY_PROBLEMS;
  const nameOf = (user: string | null) =>
    team.peek().find((member) => member.user === user)?.displayName;
  const spokenOf = ({ code, subject, author }: RefusedKey) => {
    const name = nameOf(subject) ?? nameOf(author);
    return name ? `${name}: ${sentences[code] ?? code}` : (sentences[code] ?? code);
  };
  refusedKeys.value = [...new Set(refused.map(spokenOf))];
}

/** Name, role and admission may have changed since the sign-in. */
async function keepWhatIsSaid(user: string, state: WireState): Promise<void> {
  const said = state.members.find((member) => member.user === user);
  const account = accountOf(user);
  if (!said || !account) return;
  const { display_name: displayName, role, admitted } = said;
  const same =
    account.displayName === displayName && account.role === role && account.admitted === admitted;
  if (!same) await changeAccount(user, { displayName, role, admitted });
}

/**
 * Stored ones, and own ones that the server has not heard of; `leftOver`: among these are keys
 * renewed for cases that are there already.
 */
async function envelopesOf(
  db: PersonDb,
): Promise<{ envelopes: EnvelopeRecord[]; leftOver: boolean }> {
  const [stored, queued] = await Promise.all([allEnvelopes(db), db.outbox.toArray()]);
  const own = queued.filter(({ kind }) => kind === "envelope").map(envelopeOf);
  const known = new Set(stored.map(({ key_id }) => key_id));
  const written = new Set(queued.flatMap(({ kind, row }) => (kind === "operation" ? [row] : [])));
  return {
    envelopes: [...stored, ...own.filter(({ key_id }) => !known.has(key_id))],
    leftOver: own.some(({ reader, owner }) => reader.length === 48 && !written.has(owner)),
  };
}

/** The newest recovery sheet, of those the server tells, that nobody ever said was lost. */
export function countingSheet({ state, statements }: Partial<Meta>): WireSheet | undefined {
  const isLost = ({ id }: WireSheet) =>
    statements?.some(({ subject, role }) => subject === id && role === "left");
  return state?.recovery?.findLast((sheet) => !isLost(sheet));
}

/** It reads what an aB-pAp reads. */
function sheetOf(facts: Partial<Meta>): WireMember[] {
  const sheet = countingSheet(facts);
  if (!sheet) return [];
  return [{ ...sheet, user: sheet.id, display_name: "", role: "recovery", admitted: true }];
}

export function union(before: Meta["statements"], more: Meta["statements"]): Meta["statements"] {
  const bySignature = new Map([...before, ...more].map((one) => [one.signature, one]));
  return [...bySignature.values()];
}
