/**
 * The vault's work on a recovery sheet: making one, and taking over with its words. Loaded when it is
 * wanted. The sheet's secret is here for the length of one call.
 */
import { toBase64url } from "./encoding";
import { VaultProblem } from "./key_problems";
import type { Made, MadeSheet, SheetHalves } from "./keyring";
import {
  closeTeamKey,
  type Envelope,
  type Epoch,
  type Identity,
  identityOf,
  KeyProblem,
  makeStatement,
  openEnvelopes,
  type Person,
  RECOVERY,
  type SealingKey,
  type Statement,
  trustedEpochs,
  trustedMembers,
  wipe,
  wipeIdentity,
} from "./keys";
import { newRecoverySecret, recoverySecret, recoverySeed, recoveryWords } from "./recovery_key";

interface Signer {
  person: Person;
  secrets: Identity;
}

/** A new sheet called `id`, with every team key that is held closed for it; `lost`: words to go along. */
export function newSheet(
  me: Signer,
  teamKeys: readonly SealingKey[],
  [id, at]: readonly [string, string],
  lost: readonly Statement[],
): { words: string; body: MadeSheet } {
  const secret = newRecoverySecret();
  const sheet = signerOf(secret, id, me.person.team);
  const body = {
    ...bothWords(me, sheet, at),
    envelopes: teamKeys.map((key) =>
      closeTeamKey(key, me.person, me.secrets.sign, sheet.person, at),
    ),
    lost: lost.map((word) => ({ ...word })),
  };
  const words = recoveryWords(secret);
  wipe(secret);
  wipeIdentity(sheet.secrets);
  return { words, body };
}

/**
 * What these words prove, and the team keys closed for the sheet closed for oneself. Without
 * `envelopes` it is the question for them. Codes: recovery_wrong, key_missing.
 */
export function takeOver(
  me: Signer,
  words: string,
  { id, boxPublic, signPublic }: SheetHalves,
  team: {
    statements: readonly Statement[];
    epochs: readonly Epoch[];
    envelopes: readonly Envelope[];
  },
  at: string,
): Made {
  const secret = secretOf(words);
  const sheet = signerOf(secret, id, me.person.team);
  wipe(secret);
  const { person, secrets } = sheet;
  if (person.boxPublic !== boxPublic || person.signPublic !== signPublic) {
    throw new VaultProblem("recovery_wrong");
  }
  const both = bothWords(me, sheet, at);
  if (team.envelopes.length === 0) return { ...both, envelopes: [] };
  const { members } = trustedMembers(person, team.statements);
  const chain = trustedEpochs(person.team, members, team.epochs).epochs;
  const epochs = new Map(chain.map((epoch) => [epoch.key_id, epoch]));
  const reader = { me: person, identity: secrets, members, epochs };
  const { keys } = openEnvelopes(team.envelopes, reader, new Map());
  wipeIdentity(secrets);
  if (!keys.has(chain.at(-1)?.key_id ?? "")) throw new VaultProblem("key_missing");
  const mine = [...keys.values()].map((key) =>
    closeTeamKey(key, me.person, me.secrets.sign, me.person, at),
  );
  return { ...both, envelopes: mine };
}

/** Each about the other: so who holds the sheet believes the team, and the team believes her. */
function bothWords(me: Signer, sheet: Signer, at: string): Omit<Made, "envelopes"> {
  return {
    about_sheet: { ...makeStatement(me.person, me.secrets.sign, sheet.person, RECOVERY, at) },
    by_sheet: { ...makeStatement(sheet.person, sheet.secrets.sign, me.person, "ab_pap", at) },
  };
}

function signerOf(secret: Uint8Array, id: string, team: string): Signer {
  const seed = recoverySeed(secret, team);
  const secrets = identityOf(seed);
  wipe(seed);
  const boxPublic = toBase64url(secrets.box.publicKey);
  const signPublic = toBase64url(secrets.sign.publicKey);
  return { person: { user: id, team, boxPublic, signPublic }, secrets };
}

function secretOf(words: string): Uint8Array {
  try {
    return recoverySecret(words);
  } catch (error) {
    if (error instanceof KeyProblem) throw new VaultProblem("recovery_wrong");
    throw error;
  }
}
