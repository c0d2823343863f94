/** A text that others may write at the same time, as a form and its draft keep it. Pure. */

/** One living version of a text; `text` null when it does not open on this phone. */
export interface LivingText {
  text: string | null;
  stamp: string;
  author: string;
  at: number;
}

/** The person has decided about the versions; `own` is what she had written before, or `""`. */
export interface Settled {
  own: string;
}

export interface Written {
  text: string;
  /** As it stood when the form was opened. */
  before: string;
  /** The stamps of the versions that `text` takes the place of. */
  base: readonly string[];
  settled: Settled | undefined;
}

/** The part of a draft that is about such texts. */
export interface WrittenDraft<F> {
  form: F;
  before: F | null;
  base: Record<string, string[]>;
  /** By column. Those are written even when they read as before. */
  settled?: Record<string, Settled | undefined>;
}

/** Whether something stands beside the text that the person has to see. */
export function isBeside(living: readonly LivingText[], base: readonly string[]): boolean {
  return living.length > 1 || living.some(({ stamp }) => !base.includes(stamp));
}

/** The columns that were decided about. */
export function settledIn({ settled = {} }: WrittenDraft<unknown>): string[] {
  return Object.keys(settled).filter((column) => settled[column]);
}

/** One text of a draft; `field` is what the form calls the column. */
export function writtenIn<F>(draft: WrittenDraft<F>, column: string, field: keyof F): Written {
  const text = (form: F) => form[field] as string;
  return {
    text: text(draft.form),
    before: text(draft.before ?? draft.form),
    base: draft.base[column] ?? [],
    settled: draft.settled?.[column],
  };
}

/** The draft with one of its texts changed. */
export function withWritten<F, D extends WrittenDraft<F>>(
  draft: D,
  column: string,
  field: keyof F,
  { text, before, base, settled }: Written,
): D {
  return {
    ...draft,
    form: { ...draft.form, [field]: text },
    before: draft.before && { ...draft.before, [field]: before },
    base: { ...draft.base, [column]: base },
    settled: { ...draft.settled, [column]: settled },
  };
}
