/** A text area for words that others may write at the same time; their versions stand above it. */
import { TextArea, type TextAreaProps } from "./fields";
import { later } from "./later";
import { Note } from "./parts";
import { isBeside, type LivingText, type Written } from "./written";

const { Part: Versions } = later(async () => (await import("./seldom")).VersionsShown);

/** What a form hands to one of its texts. */
export interface WrittenProps {
  written: Written;
  living: readonly LivingText[];
  nameOf: (user: string) => string | null;
  /** `now` for taps; typing is gathered. */
  onWrite: (next: Written, now: boolean) => void;
}

type Props = WrittenProps & Pick<TextAreaProps, "hint" | "rows"> & { label: string };

/** At the head of a form: where to look for what stands side by side. */
export function BesideNote({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return null;
  return (
    <Note tone="wait" title="Mehrere Fassungen">
      Mehrere Personen haben geschrieben. Wählen Sie bei: {labels.join(", ")}.
    </Note>
  );
}

/** The text area, and what stands beside its text. */
export function WrittenText({ label, hint, rows, ...props }: Props) {
  const { written, living, onWrite } = props;
  return (
    <>
      {isBeside(living, written.base) && <Versions {...props} label={label} />}
      <TextArea
        label={label}
        hint={hint}
        rows={rows}
        value={written.text}
        onInput={(text) => onWrite({ ...written, text }, false)}
      />
    </>
  );
}
