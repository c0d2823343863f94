/**
 * Why a key, a box or a value is refused: one name per reason, the same as in `server/sealing`.
 *
 * Knows no libsodium, so every thread may import it. A KeyProblem carries its name, never a key, a
 * password or a plaintext; its German sentence stands in `key_sentences.ts`.
 */

import type { KEY_PROBLEMS } from "./key_sentences";

export type KeyProblemCode = keyof typeof KEY_PROBLEMS;

/** A refusal by name. */
export class KeyProblem extends Error {
  override name = "KeyProblem";
  readonly code: KeyProblemCode;

  constructor(code: KeyProblemCode) {
    super(code);
    this.code = code;
  }
}

/** The vault's own refusal, by name. */
export class VaultProblem extends Error {
  override name = "VaultProblem";
  readonly code: string;

  constructor(code: string, detail = code) {
    super(detail);
    this.code = code;
  }
}

/** Something served that was not believed, and why. */
export interface Refused<T> {
  readonly what: T;
  readonly code: KeyProblemCode;
}

/** The code of a refusal; anything else is a fault of ours and goes on flying. */
export function codeOf(error: unknown): KeyProblemCode {
  if (error instanceof KeyProblem) return error.code;
  throw error;
}
