/** How the server in memory reads requests and writes answers. */
import type { EnvelopeRecord, RowRecord } from "@pwa/platform/db";
import type { RowState } from "@sync/registers";

export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

export interface Stored {
  seq: number;
  table: string;
  id: string;
  created_by: string;
  state: RowState;
}
export function wireRow({ table, id, created_by, state }: Stored): RowRecord {
  const { stamp, columns, stamps, versions } = state;
  return {
    table,
    id,
    created_by,
    stamp,
    columns: { ...columns },
    ...(Object.keys(stamps).length > 0 && { stamps: { ...stamps } }),
    ...(Object.keys(versions).length > 0 && { versions: { ...versions } }),
  };
}

/** The element as it stood in the request: what a real server hashes. */
export function bytesIn(text: string, send: { n?: number } | EnvelopeRecord): string {
  const start = text.indexOf(`{"n":${(send as { n: number }).n},`);
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === "{") depth += 1;
    if (text[i] === "}") depth -= 1;
    if (depth === 0) return text.slice(start, i + 1);
  }
  throw new Error("not in the request");
}

export async function textOf({ body, headers }: RequestInit): Promise<string> {
  if (body === undefined || body === null) return "";
  if ((headers as Record<string, string>)["Content-Encoding"] !== "gzip") return body as string;
  const unpacked = new Blob([body as ArrayBuffer])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).text();
}

export function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}
