/**
 * A server in memory that keeps the rules of PROTOCOL.md, and can be made to misbehave: replies
 * dropped or doubled, requests cut down to size, an operation refused. Knows nothing of databases.
 */
import type { WireProfile } from "@pwa/platform/api";
import type { EnvelopeRecord, WireMember } from "@pwa/platform/db";
import type { SyncAnswer, Verdict } from "@pwa/platform/sync_wire";
import { effectiveStamp } from "@sync/clock";
import { ERRORS } from "@sync/codes";
import { checkOperation, sealedKeyId, textColumns } from "@sync/operation";
import { applyWrite, type Value } from "@sync/registers";
import { TABLES } from "@sync/tables";
import { Sheets } from "./fake_sheets";
import { bytesIn, json, Refusal, type Stored, textOf, wireRow } from "./fake_wire";

interface Operation {
  n: number;
  table: keyof typeof TABLES;
  row: string;
  stamp: string;
  set: Record<string, Value>;
  base?: Record<string, string[]>;
}
interface Claim {
  n: number;
  effective?: string;
  given?: Record<string, string>;
}
interface User extends WireProfile {
  login_key: string;
  registered: boolean;
  left: boolean;
  statements: Record<string, unknown>[];
}
interface DeviceRecord {
  user: string;
  last: string | null;
  verdicts: Map<number, { bytes: string; verdict: Verdict }>;
}
export interface Session {
  user: string | null;
  device: string | null;
}

export class FakeServer {
  readonly team = `${"0".repeat(31)}1`;
  readonly users = new Map<string, User>();
  readonly devices = new Map<string, DeviceRecord>();
  readonly rows = new Map<string, Stored>();
  erased: { id: string; at: string; seq: number }[] = [];
  envelopes: (EnvelopeRecord & { seq: number })[] = [];
  epochs: Record<string, unknown>[] = [];
  readonly sheets = new Sheets(this);
  settings: Record<string, unknown> = { lock_minutes: 5 };
  logId = "a".repeat(32);
  seq = 0;
  page = 2000;
  requests: { path: string; body: string }[] = [];
  readonly sessions = new Set<Session>();

  private again = new Map<number, Claim>();

  /** How it misbehaves. */
  down = false;
  dropReplies = 0;
  dropOn = "/api/sync";
  doubleRequests = false;
  mostSends = 500;
  clockMs: () => number = () => Date.now();
  refuseOperation: (operation: Operation) => string | null = () => null;
  retryOperation: (operation: Operation) => string | null = () => null;
  answerWith: ((path: string, body: string) => Response | null) | null = null;

  /** A person who may sign in once she has accepted the invitation `token-<name>`. */
  invite(name: string, role = "ab_pap", displayName = name): User {
    const user: User = {
      user: (this.users.size + 16).toString(16).padStart(32, "0"),
      name,
      display_name: displayName,
      role,
      team: this.team,
      team_name: "U25-aB",
      device: "",
      admitted: false,
      salt: "",
      opslimit: 0,
      memlimit: 0,
      wrapped_seed: "",
      box_public: "",
      sign_public: "",
      login_key: "",
      registered: false,
      left: false,
      statements: [],
    };
    this.users.set(name, user);
    return user;
  }

  async handle(session: Session, path: string, init: RequestInit = {}): Promise<Response> {
    if (this.down) throw new TypeError("Failed to fetch");
    const body = await textOf(init);
    this.requests.push({ path, body });
    this.sessions.add(session);
    const special = this.answerWith?.(path, body);
    if (special) return special;
    const answer = this.respond(session, path, body);
    if (this.doubleRequests && path === "/api/sync") return this.respond(session, path, body);
    if (this.dropReplies > 0 && path === this.dropOn) {
      this.dropReplies -= 1;
      throw new TypeError("Failed to fetch");
    }
    return answer;
  }

  private respond(session: Session, path: string, body: string): Response {
    try {
      return json(200, this.route(session, path, body ? JSON.parse(body) : null, body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const message = ERRORS[error.code]?.[1] ?? error.code;
      return json(error.status, { code: error.code, field: null, message });
    }
  }

  // The bodies come from the code under test: a wrong shape shows as a failing test.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  private route(session: Session, path: string, body: any, text: string): unknown {
    if (path === "/api/session") return this.session(session);
    if (path === "/api/login/parameters") return this.parameters(body.name);
    if (path === "/api/login") return this.login(session, body);
    if (path === "/api/invitation/open") return this.invited(body.token);
    if (path === "/api/invitation/accept") return this.accept(session, body);
    if (!session.user) throw new Refusal("sign_in_needed", 401);
    if (path === "/api/logout") return this.logout(session);
    if (path === "/api/password") return this.changePassword(session, body);
    if (path === "/api/devices") return this.begin(session, this.byId(session.user), body.id);
    if (path === "/api/statements") return this.vouch(session.user, body);
    if (path === "/api/remembered") return this.remember(body);
    if (path === "/api/epochs") return this.mint(session.user, body);
    if (path === "/api/recovery") return this.sheets.make(body);
    if (path === "/api/recovery/use") return this.sheets.use(this.byId(session.user), body);
    if (path === "/api/sync") return this.sync(session, body, text);
    if (path.startsWith("/api/history/")) return { history: [] };
    if (path === "/api/cases") return this.fetch(body.cases);
    throw new Refusal("not_found", 404);
  }

  private session({ user, device }: Session) {
    const profile = user ? { ...this.byId(user), device } : undefined;
    return { csrf: "token", signed_in: user !== null, profile };
  }

  private parameters(name: string) {
    const user = this.users.get(name);
    const salt = user?.salt || "A".repeat(22);
    return { salt, opslimit: 3, memlimit: 67_108_864 };
  }

  private login(
    session: Session,
    body: { name: string; login_key: string; device: { id: string } },
  ) {
    const user = this.users.get(body.name);
    if (!user || user.login_key !== body.login_key) throw new Refusal("wrong_sign_in", 401);
    return this.begin(session, user, body.device.id);
  }

  private begin(session: Session, user: User, device: string) {
    const known = this.devices.get(device);
    if (known && known.user !== user.user) throw new Refusal("device_taken", 409);
    if (!known) this.devices.set(device, { user: user.user, last: null, verdicts: new Map() });
    Object.assign(session, { user: user.user, device });
    return { csrf: "token", profile: { ...user, device } };
  }

  private changePassword(
    session: Session,
    body: User & { old_login_key: string },
  ): { profile: WireProfile } {
    const user = this.byId(session.user as string);
    const { old_login_key, salt, opslimit, memlimit, login_key, wrapped_seed } = body;
    if (user.login_key !== old_login_key) throw new Refusal("wrong_sign_in", 401);
    Object.assign(user, { salt, opslimit, memlimit, login_key, wrapped_seed });
    for (const other of this.sessions)
      if (other !== session && other.user === user.user)
        Object.assign(other, { user: null, device: null });
    return { profile: { ...user, device: session.device ?? "" } };
  }

  private logout(session: Session) {
    Object.assign(session, { user: null, device: null });
    return {};
  }

  private invited(token: string) {
    const user = this.users.get(token.replace("token-", ""));
    if (!user || user.registered) throw new Refusal("invitation_invalid", 410);
    return { ...user, expires: "2030-01-01T00:00:00Z" };
  }

  private accept(session: Session, body: User & { token: string; device: unknown }) {
    const user = this.users.get(this.invited(body.token).name) as User;
    const { salt, opslimit, memlimit, login_key, wrapped_seed, box_public, sign_public } = body;
    Object.assign(user, { salt, opslimit, memlimit, login_key, wrapped_seed });
    Object.assign(user, { box_public, sign_public, registered: true });
    return this.begin(session, user, (body.device as unknown as { id: string }).id);
  }

  private vouch(
    author: string,
    { statement, envelopes }: { statement: Record<string, unknown>; envelopes: EnvelopeRecord[] },
  ) {
    const subject = this.byId(statement.subject as string);
    if ((statement.role === "left") !== subject.left) throw new Refusal("statement_mismatch", 409);
    subject.statements.push(statement);
    if (this.byId(author).admitted && !subject.left) subject.admitted = true;
    for (const envelope of envelopes) this.keep(envelope);
    return {};
  }

  private mint(
    author: string,
    body: {
      epoch: Record<string, unknown>;
      statement?: Record<string, unknown>;
      envelopes: EnvelopeRecord[];
    },
  ) {
    const last = this.epochs.at(-1)?.key_id ?? "";
    if (body.epoch.previous !== last) throw new Refusal("epoch_exists", 409);
    this.epochs = [...this.epochs, body.epoch];
    if (body.statement) this.vouch(author, { statement: body.statement, envelopes: [] });
    this.byId(author).admitted = true;
    for (const envelope of body.envelopes) this.keep(envelope);
    return {};
  }

  private sync(
    session: Session,
    // biome-ignore lint/suspicious/noExplicitAny: a request of the code under test
    request: any,
    text: string,
  ): SyncAnswer {
    if (request.device !== session.device) throw new Refusal("wrong_device", 409);
    const sends = [...(request.envelopes ?? []), ...(request.operations ?? [])];
    if (sends.length > this.mostSends) throw new Refusal("batch_too_large", 413);
    const device = this.devices.get(request.device) as DeviceRecord;
    if (request.log_id && request.log_id !== this.logId) return this.restored();
    this.again = new Map((request.again ?? []).map((one: Claim) => [one.n, one]));
    const verdicts = sends.map((send) => this.judge(device, send, bytesIn(text, send)));
    const seen = this.byId(session.user as string).admitted;
    const team = seen ? this.team : null;
    const state = this.state();
    return {
      log_id: this.logId,
      now: this.clockMs(),
      ...(seen
        ? this.pull(request, session.user as string)
        : { cursor: null, more: false, rows: [], envelopes: [] }),
      verdicts,
      ...(request.scope === `scope ${team}` ? {} : { scope: { hash: `scope ${team}`, team } }),
      ...(request.state === state.hash ? {} : { state }),
    };
  }

  private restored(): SyncAnswer {
    const [log_id, now] = [this.logId, this.clockMs()];
    const nothing = { verdicts: [], envelopes: [], rows: [] };
    return { log_id, now, cursor: null, more: true, restored: true, ...nothing };
  }

  /** Forgets everything but people, as a restore of an old backup does, and everybody's session. */
  goBack(session: Session): void {
    this.rows.clear();
    this.envelopes.length = 0;
    this.devices.clear();
    this.epochs = [];
    this.sheets.words = [];
    for (const user of this.users.values())
      Object.assign(user, { admitted: false, statements: [] });
    this.seq = 0;
    this.logId = "b".repeat(32);
    Object.assign(session, { user: null, device: null });
  }

  /** Erases a row for good, and what hangs below it. */
  erase(id: string): void {
    const below = [...this.rows.values()].filter(({ state }) => state.columns.case === id);
    for (const gone of [id, ...below.map((row) => row.id)]) {
      this.rows.delete(gone);
      this.erased.push({ id: gone, at: "2026-11-26T10:00:00Z", seq: ++this.seq });
    }
    this.envelopes = this.envelopes.filter(({ owner }) => owner !== id);
  }

  private remember(body: {
    statements: Record<string, unknown>[];
    epochs: Record<string, unknown>[];
    envelopes: EnvelopeRecord[];
  }) {
    this.epochs = body.epochs;
    for (const statement of body.statements) {
      if (this.sheets.take(statement)) continue;
      const subject = this.byId(statement.subject as string);
      subject.statements.push(statement);
      subject.admitted = true;
    }
    for (const envelope of body.envelopes) this.envelopes.push({ ...envelope, seq: ++this.seq });
    return {};
  }

  private judge(device: DeviceRecord, send: Operation | EnvelopeRecord, bytes: string): Verdict {
    const n = (send as Operation).n;
    const known = device.verdicts.get(n);
    if (known && known.bytes !== bytes) throw new Refusal("device_cloned", 409);
    if (known) return known.verdict;
    const verdict =
      "box" in send ? this.judgeEnvelope(n, send) : this.judgeOperation(device, send as Operation);
    if (verdict.verdict !== "retry") device.verdicts.set(n, { bytes, verdict });
    return verdict;
  }

  private judgeEnvelope(n: number, send: EnvelopeRecord): Verdict {
    const { n: _, ...envelope } = send as EnvelopeRecord & { n: number };
    if (this.keep(envelope)) return { n, verdict: "accepted" };
    return { n, verdict: "refused", code: "envelope_exists", field: "box" };
  }

  keep(envelope: EnvelopeRecord): boolean {
    const { key_id: key, reader } = envelope;
    if (this.envelopes.some((one) => one.key_id === key && one.reader === reader)) return false;
    return this.envelopes.push({ ...envelope, seq: ++this.seq }) > 0;
  }

  /** Her account rests, as `zuzweit disable` does it. */
  leave(name: string): void {
    const user = this.users.get(name) as User;
    Object.assign(user, { left: true, admitted: false });
    for (const session of this.sessions)
      if (session.user === user.user) Object.assign(session, { user: null, device: null });
  }

  private judgeOperation(device: DeviceRecord, operation: Operation): Verdict {
    const { n, row, set, stamp } = operation;
    const table = TABLES[operation.table];
    const stored = this.rows.get(row);
    const owner = (stored?.state.columns.case ?? null) as string | null;
    const gone = new Set(this.erased.map(({ id }) => id));
    if (gone.has(row) || gone.has(set.case as string)) {
      return { n, verdict: "refused", code: "erased", field: "row" };
    }
    const wrong = this.refuseOperation(operation);
    if (wrong) return { n, verdict: "refused", code: wrong };
    const later = this.retryOperation(operation);
    if (later) return { n, verdict: "retry", code: later };
    const problem = checkOperation(table, operation, !stored, owner);
    if (problem) return { n, verdict: "refused", code: problem.code, field: problem.field };
    const sealed = Object.values(set).filter((v) => typeof v === "string" && v.length > 80);
    const keyless = sealed.some((v) => !this.hasKey(sealedKeyId(v as string)));
    if (keyless) return { n, verdict: "retry", code: "key_open" };
    const earlier = this.again.get(n)?.effective;
    const effective = earlier ?? effectiveStamp(stamp, this.clockMs(), device.last);
    device.last = effective;
    this.apply(operation, effective, device.user);
    return { n, verdict: "accepted", ...(effective === stamp ? {} : { effective }) };
  }

  private hasKey(keyId: string): boolean {
    return this.envelopes.some(({ key_id }) => key_id === keyId);
  }

  private apply({ table, row, set, base, stamp }: Operation, effective: string, author: string) {
    const before = this.rows.get(row);
    const write = { set, base: base ?? {}, claimed: stamp, effective, author };
    const [state] = applyWrite(before?.state ?? null, write, textColumns(TABLES[table]));
    const created_by = before?.created_by ?? author;
    this.rows.set(row, { seq: ++this.seq, table, id: row, created_by, state });
  }

  private fetch(cases: string[]) {
    const isOf = ({ id, state }: Stored) => cases.includes(String(state.columns.case ?? id));
    const rows = [...this.rows.values()].filter(isOf).map(wireRow);
    const mine = this.envelopes.filter(({ owner }) => cases.includes(owner));
    return { rows, envelopes: mine.map(({ seq: _, ...one }) => one) };
  }

  private pull(
    { cursor, limit, log_id }: { cursor: string; limit: number; log_id: string },
    reader: string,
  ) {
    const after = cursor && log_id === this.logId ? Number(cursor) : 0;
    const found = [...this.envelopes, ...this.rows.values(), ...this.erased]
      .filter(({ seq }) => seq > after)
      .filter((one) => !("box" in one) || one.reader.length === 48 || one.reader === reader)
      .sort((a, b) => a.seq - b.seq);
    const page = found.slice(0, Math.min(limit, this.page));
    const rows = page.filter((one): one is Stored => "state" in one).map(wireRow);
    const envelopes = page.filter((one) => "box" in one).map(({ seq: _, ...one }) => one);
    const erased = page.flatMap((one) => ("state" in one || "box" in one ? [] : [one]));
    return {
      cursor: String(page.at(-1)?.seq ?? after),
      more: found.length > page.length,
      rows,
      envelopes: envelopes as EnvelopeRecord[],
      ...(erased.length > 0 && { erased: erased.map(({ id, at }) => ({ id, at })) }),
    };
  }

  private state() {
    const members = [...this.users.values()].filter(({ registered }) => registered);
    const content = {
      members: members.map((user): WireMember => {
        const { display_name, role, admitted, box_public, sign_public, statements } = user;
        const lacks = admitted && role === "ab_pap" ? this.lackedBy(user.user) : [];
        return {
          user: user.user,
          display_name,
          role,
          admitted,
          box_public,
          sign_public,
          statements,
          ...(user.left && { left: true as const }),
          ...(lacks.length > 0 && { lacks }),
        };
      }),
      epochs: this.epochs,
      ...this.sheets.told(),
      settings: this.settings,
    };
    return { hash: JSON.stringify(content), ...content };
  }

  lackedBy(reader: string): string[] {
    const ids = this.epochs.map(({ key_id }) => key_id as string);
    const closed = this.envelopes.filter((one) => one.reader === reader);
    return ids.filter((id) => !closed.some(({ key_id }) => key_id === id));
  }

  private byId(id: string): User {
    const user = [...this.users.values()].find((one) => one.user === id);
    if (!user) throw new Refusal("not_found", 404);
    return user;
  }
}
