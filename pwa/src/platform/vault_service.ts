/** Answers requests to a vault, whatever carries them. Refusals travel by name, nothing else. */
import { KeyProblem, VaultProblem } from "./key_problems";
import type { VaultApi, VaultReply, VaultRequest } from "./keyring";

/** One request to one reply. Never throws: what is no refusal is told as `internal`. */
export async function answer(vault: VaultApi, request: VaultRequest): Promise<VaultReply> {
  const { id, method, args } = request;
  try {
    // The method and its arguments were matched by Keyring.ask, the only sender.
    const call = vault[method] as (...args: unknown[]) => Promise<unknown>;
    return { id, value: await call.apply(vault, args) };
  } catch (error) {
    return { id, problem: nameOf(error), message: error instanceof Error ? error.message : "" };
  }
}

function nameOf(error: unknown): string {
  if (error instanceof VaultProblem || error instanceof KeyProblem) return error.code;
  // padJson: the value would fit into no batch.
  return error instanceof RangeError ? "too_long" : "internal";
}
