/**
 * Whom a phone trusts: membership statements, chained from its own signing key. The twin of
 * `server/sealing/trust.py`.
 *
 * A phone believes its own seed, then what trusted aB-pAp signed. Trust only grows: a key that a
 * trusted statement once gave the role aB-pAp stays good for what it signed while she had it. The
 * newest statement about a person says which keys and which role are hers now.
 */
import { checkObject, checkShape, fromBase64url, toBase64url } from "./encoding";
import { codeOf, KeyProblem, type KeyProblemCode, type Refused } from "./key_problems";
import { type KeyPair, signText, verifyText } from "./vault";

export const AB_PAP = "ab_pap";
/** What a colleague signs of somebody whose account has ended: from then on she signs nothing. */
export const LEFT = "left";
/** The key on a sheet of paper: whoever an aB-pAp signed it for believes what it admits. */
export const RECOVERY = "recovery";
const ROLES = [AB_PAP, "deputy", "pap", "team_leader", "admin", LEFT, RECOVERY] as const;
export type Role = (typeof ROLES)[number];

/** A membership statement as on the wire. */
export interface Statement {
  readonly team: string;
  readonly subject: string;
  readonly role: string;
  readonly box_public: string;
  readonly sign_public: string;
  readonly author: string;
  readonly at: string;
  readonly signature: string;
}

/** A person and her public keys in base64url, before anybody said who she is. */
export interface Person {
  readonly user: string;
  readonly team: string;
  readonly boxPublic: string;
  readonly signPublic: string;
}

/** A pinned person: what the newest trusted statement says, and every key that was hers. */
export interface Member {
  readonly user: string;
  /** Empty for oneself as long as nobody has said anything. */
  role: Role | "";
  boxPublic: string;
  signPublic: string;
  /** The instant of the newest statement, "" without one. */
  at: string;
  /** Her signing keys that may admit others, close envelopes and mint epochs. */
  readonly admitters: Set<string>;
  /** Since when she is no longer aB-pAp. */
  ended: string | null;
}

export type Members = ReadonlyMap<string, Member>;

/** Sign who `subject` is, after both people compared the safety number. `at` is an instant. */
export function makeStatement(
  me: Person,
  sign: KeyPair,
  subject: Person,
  role: Role,
  at: string,
): Statement {
  const statement = {
    team: me.team,
    subject: subject.user,
    role,
    box_public: subject.boxPublic,
    sign_public: subject.signPublic,
    author: me.user,
    at,
  };
  return { ...statement, signature: signature(statementText(statement), sign) };
}

/** Whether this key signed the statement. @throws KeyProblem `malformed` when it is misshapen. */
export function statementHolds(statement: Statement, signPublic: string): boolean {
  checkStatementShape(statement);
  return signatureHolds(statement.signature, statementText(statement), signPublic);
}

/**
 * The people a phone trusts, and the statements it refused, each by name.
 *
 * The result does not depend on the order of the statements. What another person says about herself
 * is neither believed nor refused: it is the colleague's word that counts. Give all statements ever
 * seen, not only those served now, so that the server cannot make a phone forget a newer one.
 */
export function trustedMembers(
  me: Person,
  statements: readonly Statement[],
): { members: Map<string, Member>; refused: Refused<Statement>[] } {
  const members = new Map([[me.user, myself(me)]]);
  const { good, refused } = sortOut(me, statements);
  const { believed, open } = believe(members, good);
  believed.sort((a, b) => compare(a.at, b.at) || compare(a.signature, b.signature));
  for (const statement of believed) bringUpToDate(members, me, statement);
  const said = new Set(believed.map(claim));
  for (const statement of open) {
    const known = said.has(claim(statement)) || isMe(me, statement);
    if (!known) refused.push(refusal(members, statement));
  }
  return { members, refused };
}

/**
 * Whether what the server says of a pinned person is what was signed; null if she is not pinned at
 * all or all is well. Only the pinned keys and the signed role are ever used.
 */
export function checkServed(
  members: Members,
  served: { user: string; role: string; box_public: string | null; sign_public: string | null },
): KeyProblemCode | null {
  const pinned = members.get(served.user);
  if (pinned === undefined) return null;
  const same = served.box_public === pinned.boxPublic && served.sign_public === pinned.signPublic;
  if (!same) return "key_swapped";
  return pinned.role !== "" && served.role !== pinned.role ? "role_swapped" : null;
}

/**
 * Whether the server has forgotten the newest recovery sheet, or hides that it counts; `sheets`: the
 * ids of all it tells of. Which of two of one second counts is for the server to say. One it tells
 * of that this phone does not believe may well be newer.
 */
export function missesSheet(
  members: Members,
  served: readonly { user: string; role: string }[],
  sheets: readonly string[],
): boolean {
  const told = served.find(({ role }) => role === RECOVERY)?.user;
  if (told !== undefined && !members.has(told)) return false;
  const since = members.get(told ?? "")?.at ?? "";
  const isNewer = ({ user, at }: Member) =>
    at > since || (at === since && user > (told ?? "") && !sheets.includes(user));
  return [...members.values()].some((one) => one.role === RECOVERY && isNewer(one));
}

/**
 * Whether a trusted aB-pAp signed this text; null when the author is not trusted, or no longer was
 * at that time. @throws KeyProblem `malformed` for a signature that is none.
 */
export function signedByAbPap(
  members: Members,
  author: string,
  at: string,
  text: string,
  signature: string,
): boolean | null {
  const member = members.get(author);
  if (member === undefined || member.admitters.size === 0) return null;
  if (member.ended !== null && at > member.ended) return null;
  return [...member.admitters].some((key) => signatureHolds(signature, text, key));
}

/** Ed25519 over the UTF-8 text, detached, base64url. */
export function signature(text: string, sign: KeyPair): string {
  return toBase64url(signText(text, sign.secretKey));
}

function signatureHolds(signature: string, text: string, signPublic: string): boolean {
  return verifyText(fromBase64url(signature, 64), text, fromBase64url(signPublic, 32));
}

function checkStatementShape(statement: Statement): void {
  checkObject(statement);
  checkShape(statement.team, "id");
  checkShape(statement.subject, "id");
  checkShape(statement.author, "id");
  checkShape(statement.at, "instant");
  if (!ROLES.some((role) => role === statement.role)) throw new KeyProblem("malformed");
  fromBase64url(statement.box_public, 32);
  fromBase64url(statement.sign_public, 32);
  fromBase64url(statement.signature, 64);
}

function myself(me: Person): Member {
  return {
    user: me.user,
    role: "",
    boxPublic: me.boxPublic,
    signPublic: me.signPublic,
    at: "",
    admitters: new Set([me.signPublic]),
    ended: null,
  };
}

/** The statements worth checking, and the ones refused for their shape or team. */
function sortOut(
  me: Person,
  statements: readonly Statement[],
): { good: Statement[]; refused: Refused<Statement>[] } {
  const good: Statement[] = [];
  const refused: Refused<Statement>[] = [];
  for (const statement of statements) {
    try {
      checkStatementShape(statement);
    } catch (error) {
      refused.push({ what: statement, code: codeOf(error) });
      continue;
    }
    if (statement.team !== me.team) refused.push({ what: statement, code: "statement_untrusted" });
    else if (statement.author !== statement.subject || statement.author === me.user) {
      good.push(statement);
    }
  }
  return { good, refused };
}

/** Believe what trusted aB-pAp signed, until nobody new is found. */
function believe(
  members: Map<string, Member>,
  statements: readonly Statement[],
): { believed: Statement[]; open: Statement[] } {
  const believed: Statement[] = [];
  let open = [...statements];
  for (let grown = true; grown; ) {
    const left: Statement[] = [];
    for (const statement of open) {
      const keys = [...(members.get(statement.author)?.admitters ?? [])];
      if (keys.some((key) => statementHolds(statement, key))) {
        believed.push(statement);
        pin(members, statement);
      } else left.push(statement);
    }
    grown = left.length < open.length;
    open = left;
  }
  return { believed, open };
}

/** Pin the subject, and her key as one that may admit: an aB-pAp's, or that on a sheet. */
function pin(members: Map<string, Member>, statement: Statement): void {
  const { subject, box_public, sign_public } = statement;
  let member = members.get(subject);
  if (member === undefined) {
    member = {
      user: subject,
      role: "",
      boxPublic: box_public,
      signPublic: sign_public,
      at: "",
      admitters: new Set(),
      ended: null,
    };
    members.set(subject, member);
  }
  if (mayAdmit(statement.role)) member.admitters.add(sign_public);
}

/**
 * Apply a believed statement, called oldest first: the newest decides what holds now. One's own
 * keys are those of one's own seed, whatever anybody signs.
 */
function bringUpToDate(members: Map<string, Member>, me: Person, statement: Statement): void {
  const member = members.get(statement.subject) as Member;
  member.at = statement.at;
  member.role = statement.role as Role;
  if (member.user === me.user) return;
  member.boxPublic = statement.box_public;
  member.signPublic = statement.sign_public;
  const neverLeft = mayAdmit(member.role) || member.admitters.size === 0;
  member.ended = neverLeft ? null : (member.ended ?? member.at);
}

function mayAdmit(role: string): boolean {
  return role === AB_PAP || role === RECOVERY;
}

/**
 * What a statement says. One that nobody has to believe but that says nothing new is a newcomer's or
 * a pAp's own word about a colleague: it matters on her phone alone.
 */
function claim(statement: Statement): string {
  const { subject, role, box_public, sign_public } = statement;
  return [subject, role, box_public, sign_public].join("|");
}

function isMe(me: Person, { subject, box_public, sign_public }: Statement): boolean {
  return subject === me.user && box_public === me.boxPublic && sign_public === me.signPublic;
}

function refusal(members: Members, statement: Statement): Refused<Statement> {
  const forged = (members.get(statement.author)?.admitters.size ?? 0) > 0;
  return { what: statement, code: forged ? "statement_forged" : "statement_untrusted" };
}

function statementText(s: Omit<Statement, "signature">): string {
  return `zz1|member|${s.team}|${s.subject}|${s.role}|${s.box_public}|${s.sign_public}|${s.author}|${s.at}`;
}

/** By code points of ASCII, the same in both languages. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
