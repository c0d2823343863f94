/**
 * Setting the phone's own lock up as a way in, and switching it off again. Two steps: browsers ask
 * the person only after a fresh tap, and a password takes its time.
 */
import { changeAccount, freshAccount } from "./accounts";
import type { ClosedSeed } from "./db";
import { spoken } from "./keyring";
import { enterHere, identityOf } from "./sign_in";
import { opened } from "./store";

/** A file of its own, as the lock has it: imported plainly, it would lie in this one. */
const phone = () => import("./passkey");
const SALT_BYTES = 32;

/** The present password and what it opens. Kept for as long as the screen is there. */
export interface Proof {
  readonly password: string;
  readonly closed: ClosedSeed;
}

/** Why this phone cannot: no passkeys here, or none under an address without a name. */
export type Obstacle = "no_passkeys" | "no_name";

/** What is known before anybody is asked; null when it may well work. */
export async function passkeyObstacle(): Promise<Obstacle | null> {
  if (/^[\d.]+$|:/.test(location.hostname)) return "no_name";
  if (!("PublicKeyCredential" in globalThis)) return "no_passkeys";
  const can = await PublicKeyCredential.getClientCapabilities?.();
  if (can?.["extension:prf"] === false) return "no_passkeys";
  const own = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  return own ? null : "no_passkeys";
}

/** The first step. Counted and slowed down like an unlock. @throws WrongPassword. */
export async function provePassword(password: string): Promise<Proof> {
  const account = await freshAccount(opened().store.account.user);
  const { keyring, closed } = await enterHere(account, password);
  keyring.close();
  return { password, closed };
}

/**
 * The second step: makes a passkey and closes the seed for what it answers.
 * @throws ApiProblem `passkey_refused`, `passkey_impossible`, `locked`.
 */
export async function setUpPasskey({ password, closed }: Proof): Promise<void> {
  const account = await freshAccount(opened().store.account.user);
  const salt = randomBytes(SALT_BYTES);
  const { confirmed, forget } = await phone();
  const made = await confirmed(() => navigator.credentials.create({ publicKey: wanted(salt) }));
  const passkey = { id: made.id, salt: base64url(salt) };
  try {
    const answer = await firstAnswer(made, passkey);
    const identity = { ...identityOf(account), wrappedSeed: closed.wrappedSeed };
    const wrappedSeed = await opened()
      .vault.ask("closeForPasskey", password, closed, identity, answer)
      .finally(() => answer.fill(0));
    await changeAccount(account.user, { passkey: { ...passkey, wrappedSeed } });
  } catch (error) {
    await forget(passkey, false);
    throw spoken(error);
  }
}

/** From now on the password alone opens this store. */
export async function removePasskey(): Promise<void> {
  const { user, passkey } = await freshAccount(opened().store.account.user);
  await changeAccount(user, { passkey: null });
  if (passkey) await (await phone()).forget(passkey, false);
}

/** Some say it at once, some only when they are asked; some never. */
async function firstAnswer(
  made: PublicKeyCredential,
  passkey: { id: string; salt: string },
): Promise<Uint8Array> {
  const { answerOf, passkeyProblem, prfAnswer } = await phone();
  const answer = prfAnswer(made);
  if (answer) return answer;
  if (!made.getClientExtensionResults().prf?.enabled) throw passkeyProblem("passkey_impossible");
  return answerOf(passkey);
}

/** No name of a person: whoever looks through the phone's passkeys learns only that there is Zuzweit. */
function wanted(salt: Uint8Array<ArrayBuffer>): PublicKeyCredentialCreationOptions {
  return {
    rp: { id: location.hostname, name: "Zuzweit" },
    user: { id: randomBytes(16), name: "Zuzweit", displayName: "Zuzweit" },
    challenge: randomBytes(32),
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key" as const, alg })),
    authenticatorSelection: {
      authenticatorAttachment: "platform",
      // On Android only a discoverable one answers PRF; where that is not to be had, any will do.
      residentKey: "preferred",
      userVerification: "required",
    },
    attestation: "none",
    extensions: { prf: { eval: { first: salt } } },
  };
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
