/**
 * The main thread's handle on the vault: a Web Worker that alone holds this person's keys.
 *
 * Nothing secret passes back but what was asked to be opened. Locking is `close`: the worker is
 * ended and its memory with it. Everything here is about messages; the keys live in vault_core.ts.
 */
import type { EnvelopeRecord, NoteRecord, RowRecord, WireMember } from "./db";
import { VaultProblem } from "./key_problems";
import { KEY_PROBLEMS } from "./key_sentences";
import { ApiProblem, messageOf, problem } from "./problems";

export interface KdfParameters {
  salt: string;
  opslimit: number;
  memlimit: number;
}
/** Whose keys these are, and the public halves the opened seed must give. */
export interface Identity {
  user: string;
  team: string;
  wrappedSeed: string;
  boxPublic: string;
  signPublic: string;
}
export interface NewAccount extends KdfParameters {
  loginKey: string;
  wrappedSeed: string;
  boxPublic: string;
  signPublic: string;
}
/** The same seed under another password, and what proves both at the server. */
export interface Rewrapped extends KdfParameters {
  oldLoginKey: string;
  loginKey: string;
  wrappedSeed: string;
}
/** A value to seal. `key` is a key id, or a case id, which means that case's newest known key. */
export interface SealJob {
  table: string;
  row: string;
  column: string;
  stamp: string;
  key: string;
  value: unknown;
}
/** A sealed value and the place it claims to be from. */
export interface OpenJob {
  table: string;
  row: string;
  column: string;
  stamp: string;
  author: string;
  /** Whose key must have sealed it: the row's case. */
  owner: string;
  sealed: string;
}
/** `no_key`: its envelope has not come yet, ask again later. `unreadable`: it is not what it claims. */
export type Opened =
  | { state: "open"; value: unknown }
  | { state: "no_key" }
  | { state: "unreadable" };

export interface TeamFacts {
  members: WireMember[];
  /** The ids of all recovery sheets the server tells of; the one that counts is among the members. */
  sheets: string[];
  epochs: Record<string, unknown>[];
  /** All statements this phone has ever seen: the server cannot make it forget one. */
  statements: Record<string, unknown>[];
  /** The key ids of the epochs this phone has used, in order. */
  pinnedEpochs: string[];
  envelopes: EnvelopeRecord[];
  /** The handovers this phone knows, the ended ones among them. */
  handovers: RowRecord[];
  /** Now, by the server's clock: an instant. */
  at: string;
}
/** A key the phone refused: `code` names why, `subject` is the user, case or epoch it was about. */
export interface RefusedKey {
  code: string;
  subject: string;
  author: string | null;
}
export interface TeamVerdict {
  /** Trusted people and their roles as they were signed, not as the server tells them. */
  trusted: Record<string, string>;
  refused: RefusedKey[];
  /** Whether this phone can make and open case keys. */
  hasTeamKey: boolean;
  pinnedEpochs: string[];
  /** The server does not know the team's newest recovery sheet any more. */
  sheetMissing: boolean;
  /** Somebody has left, a handover has ended, or keys lack a reader: see `renew`. */
  renewal: boolean;
}
/** What follows when somebody has left; both may be empty. */
export interface Succession {
  /** That she has left, signed: bodies of POST /api/statements. */
  statements: Record<string, unknown>[];
  /** The next team key for everybody who stays: body of POST /api/epochs. */
  epoch: Record<string, unknown> | null;
}
/** The public halves of a recovery sheet. */
export interface SheetHalves {
  id: string;
  boxPublic: string;
  signPublic: string;
}
/** Body of POST /api/recovery/use. */
export interface Made {
  about_sheet: Record<string, unknown>;
  by_sheet: Record<string, unknown>;
  envelopes: EnvelopeRecord[];
}
/** A quick note before it is sealed: its id, when it was written (ms), what it says. */
export interface NoteText {
  id: string;
  at: number;
  text: string;
}
/** Body of POST /api/recovery. */
export interface MadeSheet extends Made {
  /** The words that earlier sheets were lost. */
  lost: Record<string, unknown>[];
}
/** A part of the envelopes that are missing; none when all is done. */
export interface Renewed {
  envelopes: EnvelopeRecord[];
  /** Cases whose keys are all renewed, of how many. */
  done: number;
  total: number;
}

/** What the vault can be asked. Every refusal is a VaultProblem with a code. */
export interface VaultApi {
  /** Derives from the password; keeps what opens the seed, answers what the server gets. */
  loginKey(password: string, parameters: KdfParameters): Promise<string>;
  /** Opens the seed with what `loginKey` has derived. Codes: wrong_password, profile_refused. */
  open(identity: Identity): Promise<void>;
  /** Makes a new seed for `user` and closes it under the password. */
  create(user: string, password: string): Promise<NewAccount>;
  /**
   * Closes the seed of the person who is in under another password; `parameters` are the present
   * one's. Codes: wrong_password, profile_refused.
   */
  rewrap(
    old: string,
    parameters: KdfParameters,
    identity: Identity,
    password: string,
  ): Promise<Rewrapped>;
  /** What this phone's passkey has answered, 32 bytes, in the place of `loginKey`: `open` follows. */
  usePasskey(answer: Uint8Array): Promise<void>;
  /**
   * Closes the seed of the person who is in for what her passkey answers (32 bytes), proven by her
   * password once more. Codes: wrong_password, profile_refused.
   */
  closeForPasskey(
    password: string,
    parameters: KdfParameters,
    identity: Identity,
    answer: Uint8Array,
  ): Promise<string>;
  /** Takes in what the server says about the team; believes only what chains to the own seed. */
  absorb(facts: TeamFacts): Promise<TeamVerdict>;
  /** Envelopes that came since; answers what was refused among those opened so far. */
  learn(envelopes: EnvelopeRecord[]): Promise<RefusedKey[]>;
  openValues(jobs: OpenJob[]): Promise<Opened[]>;
  /** Code: key_missing. */
  sealValues(jobs: SealJob[]): Promise<string[]>;
  /**
   * A new key for a new case, closed for the newest team epoch. Until its envelope is stored and
   * learned, only a SealJob that names its key id uses it. Code: not_admitted.
   */
  makeCaseKey(owner: string, at: string): Promise<EnvelopeRecord>;
  /**
   * Every version of a case's key, closed for somebody who stands in. Codes: key_missing;
   * not_a_member when she is not pinned as one who may.
   */
  handCase(owner: string, user: string, at: string): Promise<EnvelopeRecord[]>;
  /** The first aB-pAp's team key: body of POST /api/epochs. */
  mint(at: string): Promise<Record<string, unknown>>;
  /**
   * A statement about a member, with the team keys this phone holds when she is aB-pAp: body of
   * POST /api/statements. Signs exactly what the last `safetyNumber` about her was made of.
   * Codes: not_a_member; keys_changed when the server shows something else by now.
   */
  admit(user: string, at: string): Promise<Record<string, unknown>>;
  safetyNumber(user: string): Promise<string[]>;
  /** Signs off who has left, and mints the next team key where that is due. */
  succession(at: string): Promise<Succession>;
  /**
   * Closes anew what is not closed under the newest team key, at most about `most` envelopes: every
   * case gets a key that nobody knows who has left. `handed` are the people each case is handed to.
   */
  renew(handed: Record<string, string[]>, at: string, most: number): Promise<Renewed>;
  /**
   * A new recovery sheet: its words, and what the server gets of it; `lost`: it also signs that all
   * earlier ones were lost. Code: not_admitted.
   */
  makeSheet(id: string, at: string, lost: boolean): Promise<{ words: string; body: MadeSheet }>;
  /**
   * What the words of a sheet prove; with the `envelopes` closed for it, also the team keys in them,
   * closed for oneself. Codes: recovery_wrong, key_missing.
   */
  takeOver(
    words: string,
    sheet: SheetHalves,
    team: Pick<TeamFacts, "statements" | "epochs" | "envelopes">,
    at: string,
  ): Promise<Made>;
  sealOwn(name: string, value: unknown): Promise<string>;
  openOwn(name: string, sealed: string): Promise<unknown>;
  /** Needs no key: the box of a quick note, which only the owner of `boxPublic` opens. */
  sealNote(note: NoteText, user: string, boxPublic: string): Promise<string>;
  /** The texts of quick notes in their order; null for what is not hers, or not what it claims. */
  openNotes(notes: readonly NoteRecord[]): Promise<(string | null)[]>;
  /** The text of a rescue file: signed by this person, closed for the server's public key. */
  closeRescue(content: string, to: string): Promise<string>;
}
export type VaultMethod = keyof VaultApi;

export interface VaultRequest {
  id: number;
  method: VaultMethod;
  args: unknown[];
}
export type VaultReply =
  | { id: number; value: unknown }
  | { id: number; problem: string; message: string };

/** Something that carries requests to a vault and its replies back. */
export interface Transport {
  send(request: VaultRequest): void;
  receive(listener: (reply: VaultReply) => void, broken: (error: Error) => void): void;
  end(): void;
}

/** A vault's refusal with its German sentence; anything else as it is. */
export function spoken(error: unknown): unknown {
  if (!(error instanceof VaultProblem)) return error;
  const sentences: Readonly<Record<string, string>> = KEY_PROBLEMS;
  return new ApiProblem(error.code, sentences[error.code] ?? messageOf(error.code));
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One unlocked (or unlocking) vault. After `close` every call is refused with `locked`. */
export class Keyring {
  private readonly waiting = new Map<number, Waiting>();
  private readonly transport: Transport;
  private next = 1;
  private closed = false;

  constructor(transport: Transport = startVault()) {
    this.transport = transport;
    transport.receive(
      (reply) => this.settle(reply),
      (error) => this.fail(error),
    );
  }

  /** Asks the vault. @throws VaultProblem by code, ApiProblem `locked` after closing. */
  ask<M extends VaultMethod>(
    method: M,
    ...args: Parameters<VaultApi[M]>
  ): Promise<Awaited<ReturnType<VaultApi[M]>>> {
    if (this.closed) return Promise.reject(problem("locked"));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.transport.send({ id, method, args });
    });
  }

  /** Resolves when nothing is being answered any more, or after `mostMs`. */
  async idle(mostMs: number): Promise<void> {
    const until = performance.now() + mostMs;
    while (this.waiting.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends the worker at once: the keys are gone. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.transport.end();
    this.fail(problem("locked"));
  }

  private settle(reply: VaultReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ("problem" in reply) waiting?.reject(new VaultProblem(reply.problem, reply.message));
    else waiting?.resolve(reply.value);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** Starts a vault; tests put their own here, the app runs the worker. */
let startVault: () => Transport = startWorker;
export function setVaultStarter(starter: () => Transport): void {
  startVault = starter;
}

function startWorker(): Transport {
  const worker = new Worker(new URL("./vault_worker.ts", import.meta.url), { type: "module" });
  return {
    send: (request) => worker.postMessage(request),
    receive: (listener, broken) => {
      worker.addEventListener("message", (event: MessageEvent<VaultReply>) => listener(event.data));
      worker.addEventListener("error", (event) => broken(new Error(event.message)));
    },
    end: () => worker.terminate(),
  };
}
