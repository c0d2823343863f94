/** The messages of POST /api/sync as PROTOCOL.md states them, and the request's very bytes. */
import { MAX_BATCH_COUNT, splitBatches } from "@sync/operation";
import { SCHEMA } from "@sync/tables";
import type { EnvelopeRecord, Meta, RowRecord, Send, WireState } from "./db";
import { bytesOf } from "./sends";

/** The greatest page a server gives. */
export const PAGE = 2000;

export interface Verdict {
  n: number;
  verdict: "accepted" | "refused" | "retry" | "held";
  code?: string;
  field?: string;
  effective?: string;
}
/** What this person may keep: her team's rows, or these cases until an instant in ms. */
export interface Scope {
  hash: string;
  team: string | null;
  cases?: Record<string, number>;
}
export interface SyncAnswer {
  log_id: string;
  now: number;
  cursor: string | null;
  more: boolean;
  verdicts: Verdict[];
  envelopes: EnvelopeRecord[];
  rows: RowRecord[];
  erased?: { id: string; at: string }[];
  /** Nothing of the request was looked at: this log knows less than the phone. */
  restored?: boolean;
  scope?: Scope;
  state?: WireState;
}

/** What a request says about what this phone already has. */
export type Position = Pick<
  Meta,
  "device" | "logId" | "cursor" | "acknowledged" | "scopeHash" | "stateHash"
>;

/** The request as text: sends stand in it byte for byte as they were queued. */
export function requestText(position: Position, batch: readonly Send[], nowMs: number): string {
  const head = JSON.stringify({
    protocol: 1,
    schema: SCHEMA,
    device: position.device,
    log_id: position.logId,
    cursor: position.cursor,
    now: nowMs,
    limit: PAGE,
    acknowledged: position.acknowledged,
    scope: position.scopeHash,
    state: position.stateHash,
  });
  const again = batch.flatMap(({ n, earlier }) => (earlier ? [{ n, ...earlier }] : []));
  const claims = again.length > 0 ? `,"again":${JSON.stringify(again)}` : "";
  const list = (kind: Send["kind"]) =>
    batch
      .filter((send) => send.kind === kind)
      .map(bytesOf)
      .join(",");
  return `${head.slice(0, -1)}${claims},"envelopes":[${list("envelope")}],"operations":[${list("operation")}]}`;
}

/** The first sends that fit into one request; `sends` in the order of n. */
export function firstBatch(
  sends: readonly Send[],
  maxCount: number = MAX_BATCH_COUNT,
): readonly Send[] {
  // More than one request's worth need not be measured.
  return splitBatches(sends.slice(0, maxCount), maxCount, undefined, bytesOf)[0] ?? [];
}

/** Where a phone stands after an answer, before anything of it is stored. */
export function positionAfter(position: Position, answer: SyncAnswer): Position {
  return {
    ...position,
    logId: answer.log_id,
    cursor: answer.cursor,
    scopeHash: answer.scope?.hash ?? position.scopeHash,
    stateHash: answer.state?.hash ?? position.stateHash,
  };
}
