/** What can go wrong on the phone, each with a German sentence that can be shown as it is. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { ERRORS } from "@sync/codes";

/** A refusal, by the server (status > 0) or by the phone itself (status 0). */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly code: string;
  readonly field: string | null;
  readonly status: number;

  constructor(code: string, message: string, field: string | null = null, status = 0) {
    super(message);
    this.code = code;
    this.field = field;
    this.status = status;
  }
}

/** No answer came: no network, a dead server, a stalled request. Nothing is known about it. */
export class Unreachable extends ApiProblem {
  override name = "Unreachable";

  constructor(status = 0) {
    super("unreachable", messageOf("unreachable"), null, status);
  }
}

/** The password did not open the seed; the next try is possible after `waitSeconds`. */
export class WrongPassword extends ApiProblem {
  override name = "WrongPassword";
  readonly waitSeconds: number;

  constructor(code: "wrong_password" | "wait_before_retry", waitSeconds: number) {
    super(code, messageOf(code), "password");
    this.waitSeconds = waitSeconds;
  }
}

/** Signing out was refused: these entries, drafts and quick notes exist on this phone only. */
export class UnsentEntries extends ApiProblem {
  override name = "UnsentEntries";
  readonly waiting: number;
  readonly toClarify: number;
  readonly drafts: number;
  readonly notes: number;

  constructor(waiting: number, toClarify: number, drafts: number, notes: number) {
    super("unsent_entries", messageOf("unsent_entries"));
    this.waiting = waiting;
    this.toClarify = toClarify;
    this.drafts = drafts;
    this.notes = notes;
  }
}

/** The German sentence for a code; codes this version does not know get the general one. */
export function messageOf(code: string): string {
  const known = ERRORS as Readonly<Record<string, readonly [unknown, string]>>;
  return (known[code] ?? known.internal)?.[1] ?? code;
}

/** A problem with its sentence from the catalogue. */
export function problem(code: string, field: string | null = null, status = 0): ApiProblem {
  return new ApiProblem(code, messageOf(code), field, status);
}

const reported = signal<readonly string[]>([]);

/** What went wrong in the background, where nobody waits for an answer: sentences to show. */
export const troubles: ReadonlySignal<readonly string[]> = reported;

/** Makes a failure of background work visible. The same sentence is shown once. */
export function reportTrouble(error: unknown): void {
  const sentence = error instanceof ApiProblem ? error.message : messageOf("storage_failed");
  if (!reported.peek().includes(sentence)) reported.value = [...reported.peek(), sentence];
  // The sentence is for the person; whoever repairs the app needs the cause.
  if (!(error instanceof ApiProblem)) setTimeout(() => reportError(error));
}
