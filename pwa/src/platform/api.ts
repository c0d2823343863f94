/**
 * The one way to the server: same origin, JSON, CSRF token, one shape of refusal.
 *
 * Answers either the parsed body, or throws ApiProblem (the server said no) or Unreachable (nobody
 * knows whether it heard us). What is stored on the phone is never touched from here.
 */
import { ApiProblem, problem, Unreachable } from "./problems";

/** A request is given up when nothing moved for this long. */
export const STALL_MS = 30_000;
const GZIP_FROM_BYTES = 400;

export interface WireProfile {
  user: string;
  name: string;
  display_name: string;
  role: string;
  team: string;
  team_name: string;
  device: string;
  admitted: boolean;
  salt: string;
  opslimit: number;
  memlimit: number;
  wrapped_seed: string;
  box_public: string;
  sign_public: string;
}
interface SessionAnswer {
  csrf: string;
  signed_in: boolean;
  profile?: WireProfile;
  /** The office has locked this phone out, and its cookie still says whose it was. */
  locked?: true;
}

/** Whose cookie this browser holds: a user id, null for nobody, undefined when not asked yet. */
let sessionUser: string | null | undefined;
let csrf: string | null = null;

/**
 * The user id the server's cookie belongs to; asks the server when this tab does not know.
 * @throws ApiProblem `device_locked`.
 */
export async function signedInUser(): Promise<string | null> {
  if (sessionUser === undefined && (await askSession()).locked)
    throw problem("device_locked", null, 403);
  return sessionUser ?? null;
}

/** Another tab signed in or out: what this one knew about the session is stale. */
export function forgetSession(): void {
  sessionUser = undefined;
  csrf = null;
}

/** Asks the server who is signed in and for a fresh CSRF token. */
export async function askSession(): Promise<SessionAnswer> {
  const answer = (await exchange("GET", "/api/session")) as SessionAnswer;
  csrf = answer.csrf;
  sessionUser = answer.locked ? undefined : (answer.profile?.user ?? null);
  return answer;
}

/** Reads something from the server. */
export function get<T>(path: string): Promise<T> {
  return exchange("GET", path) as Promise<T>;
}

/** Sends a change. `body` may be a value, or JSON text that must travel byte for byte. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  if (csrf === null) await askSession();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    return adopt(await exchange("POST", path, text)) as T;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "csrf") throw error;
    await askSession();
    return adopt(await exchange("POST", path, text)) as T;
  }
}

/** Sign-in answers carry a new token and say whose session it is now. */
function adopt(answer: unknown): unknown {
  const { csrf: token, profile } = answer as { csrf?: string; profile?: WireProfile };
  if (typeof token === "string") csrf = token;
  if (profile) sessionUser = profile.user;
  return answer;
}

async function exchange(method: "GET" | "POST", path: string, text?: string): Promise<unknown> {
  const watchdog = new Watchdog();
  try {
    const response = await fetch(path, {
      method,
      headers: headersFor(text),
      ...(text === undefined ? {} : { body: await packed(text) }),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: watchdog.signal,
    });
    const answer = parse(await readAll(response, watchdog));
    if (response.ok && answer !== undefined) return answer;
    throw refusal(response.status, answer);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw new Unreachable();
  } finally {
    watchdog.stop();
  }
}

function headersFor(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (text === undefined) return headers;
  headers["Content-Type"] = "application/json";
  if (csrf !== null) headers["X-CSRFToken"] = csrf;
  if (text.length > GZIP_FROM_BYTES) headers["Content-Encoding"] = "gzip";
  return headers;
}

async function packed(text: string): Promise<BodyInit> {
  if (text.length <= GZIP_FROM_BYTES) return text;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

async function readAll(response: Response, watchdog: Watchdog): Promise<string> {
  if (!response.body) return response.text();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    watchdog.feed();
    text += decoder.decode(value, { stream: true });
  }
}

/** The JSON value, or undefined for what is none (a captive portal's page, a proxy's error). */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal in our own shape is the server's word; anything else came from something between. */
function refusal(status: number, answer: unknown): ApiProblem {
  const { code, field, message } = (answer ?? {}) as Record<string, unknown>;
  if (typeof code === "string" && typeof message === "string") {
    if (status === 401 && code !== "wrong_sign_in") sessionUser = null;
    if (code === "wrong_device") sessionUser = undefined;
    // The answer may have come with a cookie by which a phone that is locked out is known.
    if (code === "device_locked") forgetSession();
    return new ApiProblem(code, message, typeof field === "string" ? field : null, status);
  }
  if (status === 413) return problem("batch_too_large", null, 413);
  return new Unreachable(status);
}

/** Aborts a request in which nothing has moved for STALL_MS. */
class Watchdog {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.feed();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  feed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(), STALL_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
