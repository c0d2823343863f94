/** The epochs of a team key, one chain from the first. The twin of the epochs in `trust.py`. */
import { checkObject, checkShape, fromBase64url, toBase64url } from "./encoding";
import { codeOf, KeyProblem, type KeyProblemCode, type Refused } from "./key_problems";
import type { SealingKey } from "./sealing";
import { type Members, type Person, signature, signedByAbPap } from "./trust";
import { boxPair, type KeyPair, kdf, wipe } from "./vault";

/** An epoch as on the wire; `previous` is "" for epoch 1, `public` the letter box's public half. */
export interface Epoch {
  readonly team: string;
  readonly epoch: number;
  readonly key_id: string;
  readonly public: string;
  readonly previous: string;
  readonly author: string;
  readonly at: string;
  readonly signature: string;
}

/** The X25519 pair of a team key: a pAp drops sealed orders into the public half. */
export function letterBox(teamKey: SealingKey): KeyPair {
  const seed = kdf(teamKey.key, 1, "zzletter");
  const pair = boxPair(seed);
  wipe(seed);
  return pair;
}

/** Sign a new epoch of the team key; the first has no predecessor. `at` is an instant. */
export function makeEpoch(
  me: Person,
  sign: KeyPair,
  key: SealingKey,
  previous: Epoch | null,
  at: string,
): Epoch {
  const epoch = {
    team: me.team,
    epoch: (previous?.epoch ?? 0) + 1,
    key_id: key.id,
    public: publicOf(key),
    previous: previous?.key_id ?? "",
    author: me.user,
    at,
  };
  return { ...epoch, signature: signature(epochText(epoch), sign) };
}

/**
 * The chain of epochs from the first on as far as it can be trusted, and what was refused.
 *
 * `pinned` are the key ids of the epochs this phone has already used, in order: a chain that leaves
 * them is `epoch_forked`, one that ends before them `epoch_rolled_back` (then `what` is null).
 */
export function trustedEpochs(
  team: string,
  members: Members,
  epochs: readonly Epoch[],
  pinned: readonly string[] = [],
): { epochs: Epoch[]; refused: Refused<Epoch | null>[] } {
  const chain: Epoch[] = [];
  for (const epoch of epochs) {
    const code = epochRefusal(team, members, epoch, chain, pinned);
    if (code !== null) return { epochs: chain, refused: [{ what: epoch, code }] };
    chain.push(epoch);
  }
  if (chain.length < pinned.length) {
    return { epochs: chain, refused: [{ what: null, code: "epoch_rolled_back" }] };
  }
  return { epochs: chain, refused: [] };
}

/**
 * The epoch to seal new keys under: the newest trusted one, and none while the served chain
 * contradicts the pinned one. An older epoch would be readable for somebody who has left.
 */
export function currentEpoch(chain: ReturnType<typeof trustedEpochs>): Epoch | null {
  const bent = chain.refused.some(
    ({ code }) => code === "epoch_forked" || code === "epoch_rolled_back",
  );
  return bent ? null : (chain.epochs.at(-1) ?? null);
}

/** Whether a team key is the one its epoch announced. */
export function isKeyOf(key: SealingKey, epoch: Epoch): boolean {
  return key.id === epoch.key_id && publicOf(key) === epoch.public;
}

function epochRefusal(
  team: string,
  members: Members,
  epoch: Epoch,
  chain: readonly Epoch[],
  pinned: readonly string[],
): KeyProblemCode | null {
  try {
    checkEpochShape(epoch);
    const ours = epoch.team === team && epoch.key_id.startsWith(team);
    const follows =
      epoch.epoch === chain.length + 1 && epoch.previous === (chain.at(-1)?.key_id ?? "");
    const { author, at, signature } = epoch;
    // Whoever has left can date nothing between the epochs of those who stayed.
    const dated = epoch.at >= (chain.at(-1)?.at ?? "");
    if (!ours || !follows || !dated) return "epoch_untrusted";
    if (!signedByAbPap(members, author, at, epochText(epoch), signature)) return "epoch_untrusted";
  } catch (error) {
    return codeOf(error);
  }
  const expected = pinned[chain.length];
  return expected !== undefined && expected !== epoch.key_id ? "epoch_forked" : null;
}

function checkEpochShape(epoch: Epoch): void {
  checkObject(epoch);
  checkShape(epoch.team, "id");
  checkShape(epoch.key_id, "keyId");
  checkShape(epoch.author, "id");
  checkShape(epoch.at, "instant");
  if (epoch.previous !== "") checkShape(epoch.previous, "keyId");
  if (!Number.isInteger(epoch.epoch)) throw new KeyProblem("malformed");
  fromBase64url(epoch.public, 32);
  fromBase64url(epoch.signature, 64);
}

function publicOf(key: SealingKey): string {
  const { publicKey, secretKey } = letterBox(key);
  wipe(secretKey);
  return toBase64url(publicKey);
}

function epochText(e: Omit<Epoch, "signature">): string {
  return `zz1|epoch|${e.team}|${e.epoch}|${e.key_id}|${e.public}|${e.previous}|${e.author}|${e.at}`;
}
