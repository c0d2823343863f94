/** Comparing what somebody types with what is written: pure, no platform. */

const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
};

/**
 * Text as it is compared: lower case, no accents, one space between words.
 * "Öz-DEMIR  Ayşe" becomes "oz-demir ayse".
 */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/g, " ")
    .trim();
}

const withoutDigraphs = (folded: string): string => folded.replace(/([aou])e/g, "$1");

/**
 * The text a search looks into: folded, and once more with „ae“, „oe“, „ue“ as „a“, „o“, „u“ where
 * that is another text, so that "Müller" and "Mueller" find each other.
 */
export function searchable(text: string): string {
  const folded = fold(text);
  const bare = withoutDigraphs(folded);
  return bare === folded ? folded : `${folded}\n${bare}`;
}

/** The folded words of a query, empty when nothing was typed. */
export function searchWords(query: string): string[] {
  const folded = fold(query);
  return folded === "" ? [] : folded.split(" ");
}

/** Whether every word occurs somewhere in what `searchable` gave. */
export function matches(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word) || folded.includes(withoutDigraphs(word)));
}
