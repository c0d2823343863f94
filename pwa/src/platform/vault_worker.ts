/**
 * The worker that holds the keys. Ending it is locking. Argon2id, which fills 64 MiB of memory and
 * never gives it back, runs in a second worker of the same script that ends at once.
 */
import { deriveMaster } from "./derivations";
import { codeOf, KeyProblem, type KeyProblemCode } from "./key_problems";
import type { KdfParameters, VaultRequest } from "./keyring";
import { loadVault } from "./vault";
import { VaultCore } from "./vault_core";
import { answer } from "./vault_service";

const DERIVES = "derive";

interface DeriveRequest {
  password: string;
  parameters: KdfParameters;
}
type Derived = { master: Uint8Array } | { problem: KeyProblemCode };

// The types know pages first; this is a worker.
const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
if (scope.name === DERIVES) deriveOnce();
else holdKeys();

function holdKeys(): void {
  const vault = new VaultCore(deriveApart);
  // One after the other: a key that is being learned is there for whoever asks next.
  let last: Promise<void> = Promise.resolve();
  addEventListener("message", (event: MessageEvent<VaultRequest>) => {
    last = last.then(async () => postMessage(await answer(vault, event.data)));
  });
}

function deriveApart(password: string, parameters: KdfParameters): Promise<Uint8Array> {
  const worker = new Worker(location.href, { type: "module", name: DERIVES });
  const derived = new Promise<Uint8Array>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Derived>) => {
      if ("master" in data) resolve(data.master);
      else reject(new KeyProblem(data.problem));
    });
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
  });
  worker.postMessage({ password, parameters } satisfies DeriveRequest);
  return derived.finally(() => worker.terminate());
}

function deriveOnce(): void {
  addEventListener("message", async ({ data }: MessageEvent<DeriveRequest>) => {
    await loadVault();
    postMessage(derived(data));
  });
}

function derived({ password, parameters }: DeriveRequest): Derived {
  try {
    return { master: deriveMaster(password, parameters) };
  } catch (error) {
    return { problem: codeOf(error) };
  }
}
