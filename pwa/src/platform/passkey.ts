/**
 * The phone's own lock – finger, face or PIN – as a way in beside the password, without a network: a
 * passkey answers 32 bytes (WebAuthn PRF) that no other phone and no server knows, and they open the
 * seed kept here. Lies in a small file of its own: at a door the way in must be quick.
 */
import { changeAccount } from "./accounts";
import type { AccountRecord, Passkey } from "./db";
import { isAwayTooLong } from "./offline_limit";
import { ApiProblem, reportTrouble } from "./problems";
import { type Entered, identityOf, isCode, withKeyring } from "./sign_in";

const ANSWER_BYTES = 32;

/** The sentences are here, not in the catalogue: whoever has no passkey never fetches them. */
const SENTENCES = {
  passkey_refused: "Nicht bestätigt. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.",
  passkey_impossible:
    "Dieses Telefon oder dieser Browser kann Zuzweit so nicht öffnen. Bitte nehmen Sie Ihr Passwort.",
  passkey_off:
    "Entsperren mit Fingerabdruck ist auf diesem Telefon ausgeschaltet. Bitte nehmen Sie Ihr Passwort.",
  passkey_rests:
    "Dieses Telefon war zu lange ohne Verbindung. Bitte nehmen Sie diesmal Ihr Passwort, wo Netz ist.",
  passkey_dropped:
    "Entsperren mit Fingerabdruck passt nicht mehr zu Ihrem Konto und ist jetzt ausgeschaltet. Sie können es unter „Mehr“ neu einrichten; bis dahin öffnet Ihr Passwort.",
} as const;

/** A problem with the passkey, with its German sentence. */
export function passkeyProblem(code: keyof typeof SENTENCES): ApiProblem {
  return new ApiProblem(code, SENTENCES[code]);
}

/**
 * Lets the phone take a passkey off its list that opens nothing any more, where it can be told. With
 * `say` the person is told too: her seed is another one.
 */
export async function forget({ id }: Pick<Passkey, "id">, say: boolean): Promise<void> {
  if (say) reportTrouble(passkeyProblem("passkey_dropped"));
  const which = { rpId: location.hostname, credentialId: id };
  await PublicKeyCredential.signalUnknownCredential?.(which);
}

/**
 * Opens a store by its passkey.
 * @throws ApiProblem `passkey_refused`, `passkey_impossible`, `passkey_off`, `passkey_rests` when
 *   the phone was away for too long, `passkey_dropped` when it opens another seed or none.
 */
export async function enterByPasskey(account: AccountRecord): Promise<Entered> {
  const { passkey } = account;
  if (!passkey) throw passkeyProblem("passkey_off");
  if (await isAwayTooLong(account)) throw passkeyProblem("passkey_rests");
  const answer = await answerOf(passkey);
  try {
    return await withKeyring(async (keyring) => {
      await keyring.ask("usePasskey", answer);
      await keyring.ask("open", { ...identityOf(account), wrappedSeed: passkey.wrappedSeed });
      return { account, keyring };
    });
  } catch (error) {
    if (!isCode(error, "wrong_password") && !isCode(error, "profile_refused")) throw error;
    await changeAccount(account.user, { passkey: null });
    await forget(passkey, false);
    throw passkeyProblem("passkey_dropped");
  } finally {
    answer.fill(0);
  }
}

/** Asks the person to confirm to her phone; what the passkey answers, 32 bytes. */
export async function answerOf({ id, salt }: Pick<Passkey, "id" | "salt">): Promise<Uint8Array> {
  const publicKey = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    rpId: location.hostname,
    allowCredentials: [{ type: "public-key" as const, id: bytesOf(id) }],
    userVerification: "required" as const,
    extensions: { prf: { eval: { first: bytesOf(salt) } } },
  };
  const found = await confirmed(() => navigator.credentials.get({ publicKey }));
  const answer = prfAnswer(found);
  if (!answer) throw passkeyProblem("passkey_impossible");
  return answer;
}

/** What the browser asks of the person. @throws ApiProblem `passkey_refused`, `passkey_impossible`. */
export async function confirmed(
  ask: () => Promise<Credential | null>,
): Promise<PublicKeyCredential> {
  try {
    return (await ask()) as PublicKeyCredential;
  } catch (error) {
    // Cancelled, timed out, not recognised, no such passkey: the browser does not say which.
    const refused = named(error, "NotAllowedError", "AbortError", "InvalidStateError");
    if (refused) throw passkeyProblem("passkey_refused");
    if (named(error, "NotSupportedError", "SecurityError", "ConstraintError"))
      throw passkeyProblem("passkey_impossible");
    throw error;
  }
}

/** A passkey's answer, 32 bytes, in the caller's hands alone; null when it gave none. */
export function prfAnswer(credential: PublicKeyCredential): Uint8Array | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (!first) return null;
  const given = new Uint8Array(first as ArrayBuffer);
  const answer = given.slice();
  given.fill(0);
  return answer.length === ANSWER_BYTES ? answer : null;
}

/** The bytes of a base64url text. The vault's own way with them, made for many, stays in its worker. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function named(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
