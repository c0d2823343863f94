/**
 * Passwords a thief may try for ever: five generated words, or at least 14 characters. The twin of
 * `server/sealing/passwords.py`. Knows no libsodium: forms import it.
 *
 * A generated word is two syllables of 64; ten syllables are 60 bits. No syllable begins with a
 * vowel, so no two sequences spell the same. The syllables were chosen so that no two of them make
 * an insult. A person may type spaces for hyphens, or a capital: `canonicalPassword` evens that out
 * before anything is derived, for generated passwords only.
 */

const MIN_LENGTH = 14;
const MIN_DIFFERENT = 5;
const RANDOM_BYTES = 10;

export const SYLLABLES = (
  "ba be bi bo da de di do fa fe ge gi gu ha he hi " +
  "ja jo la le li hau ma me mi du no ra re ri ro ru " +
  "se si so su ta te wa we wi wo wu za ze zo zu bau " +
  "lau mau rau tau wau neu leu bei dei lei mei rei sei wei zei nei"
).split(" ");

const WORD = `(?:${[...SYLLABLES].sort((a, b) => b.length - a.length).join("|")}){2}`;
const FIVE_WORDS = new RegExp(`^${WORD}(?:[ -]+${WORD}){4}$`);

/** Five pronounceable words joined by hyphens, from ten random bytes. */
export function generatePassword(
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)),
): string {
  if (random.length !== RANDOM_BYTES) throw new RangeError("ten random bytes make a password");
  const syllables = Array.from(random, (byte) => SYLLABLES[byte & 63] as string);
  return syllables.map((text, i) => (i > 0 && i % 2 === 0 ? `-${text}` : text)).join("");
}

/**
 * How a password is spelled before it is derived: five generated words in lower case with single
 * hyphens, whatever the keyboard made of them; anything else is only composed (NFC), so that an ü
 * is the same on every phone.
 */
export function canonicalPassword(password: string): string {
  const words = password.replace(/^ +| +$/g, "").toLowerCase();
  return FIVE_WORDS.test(words) ? words.replace(/[ -]+/g, "-") : password.normalize("NFC");
}

/** Why a new password is too weak, as a German sentence; null when it is good. */
export function passwordProblem(password: string): string | null {
  const characters = [...canonicalPassword(password)];
  if (characters.length < MIN_LENGTH) {
    return "Mindestens 14 Zeichen – oder die fünf vorgeschlagenen Wörter.";
  }
  if (new Set(characters).size < MIN_DIFFERENT) {
    return "Zu gleichförmig: Bitte mehr verschiedene Zeichen verwenden.";
  }
  return null;
}
