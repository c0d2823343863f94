/** Deciding between versions of a text: taking one over, joining them, keeping one's own. Pure. */
import type { LivingText, Written } from "./written";

/** What a save would do with the versions. */
export type Outcome = "stay" | "replaced" | "beside";

/** Whether the person has written or chosen anything here. */
function isTouched({ text, before, settled }: Written): boolean {
  return settled !== undefined || text.trim() !== before.trim();
}

/** Came while the form was open: her text does not take its place by itself. */
export function isNew({ text, stamp }: LivingText, { base }: Written): boolean {
  return text !== null && !base.includes(stamp);
}

/** What happens to the versions when the form is saved as it stands. */
export function outcomeOf(living: readonly LivingText[], written: Written): Outcome {
  if (!isTouched(written)) return "stay";
  return living.some((version) => isNew(version, written)) ? "beside" : "replaced";
}

/** What she wrote herself and would lose by taking another text; `""` when that is nothing. */
export function ownText(living: readonly LivingText[], written: Written): string {
  const { text, before, settled } = written;
  const known = [before, ...living.map((version) => version.text), joined(living, "")];
  const own = text.trim() === "" || known.includes(text) ? "" : text;
  return own || (settled?.own ?? "");
}

/** One text in place of all that are shown. */
export function take(living: readonly LivingText[], written: Written, text: string): Written {
  const readable = living.filter((version) => version.text !== null);
  const base = [...new Set([...written.base, ...readable.map(({ stamp }) => stamp)])];
  const [only] = living;
  // Somebody else's newer text alone: the form goes on from there, and has nothing to write.
  if (living.length === 1 && only?.text === text) {
    return { text, before: text, base, settled: undefined };
  }
  const kept = ownText(living, written);
  return { ...written, text, base, settled: { own: kept === text ? "" : kept } };
}

/** All versions and her own words in one text, nothing of it twice. */
export function join(living: readonly LivingText[], written: Written): Written {
  return take(living, written, joined(living, ownText(living, written)));
}

/** Her own text in place of all that are shown. */
export function keepOwn(living: readonly LivingText[], written: Written): Written {
  return take(living, written, written.text);
}

function joined(living: readonly LivingText[], own: string): string {
  const all = [own, ...living.map(({ text }) => text ?? "")].map((text) => text.trim());
  const kept = all.filter((text, at) => {
    const within = (other: string, i: number) =>
      i !== at && other.includes(text) && (other !== text || i < at);
    return text !== "" && !all.some(within);
  });
  return kept.join("\n\n");
}
