/** „Verlauf der Änderungen“: who changed what and when, asked from the server on demand. */
import { useState } from "preact/hooks";
import { useAction } from "./action";
import { Button } from "./button";
import { later } from "./later";
import { Note } from "./parts";

const list = later(async () => (await import("./seldom")).ChangeList);

/** One write in words. */
export interface Change {
  /** Milliseconds. */
  at: number;
  who: string;
  /** It made the entry. */
  created: boolean;
  lines: { what: string; before: string; value: string }[];
}

export interface ChangesProps {
  load: () => Promise<Change[]>;
  now: number;
}

/** The button, and what the server answered. */
export function Changes({ load, now }: ChangesProps) {
  const [changes, setChanges] = useState<Change[] | null>(null);
  const asking = useAction(async () => {
    const [told] = await Promise.all([load(), list.preload()]);
    setChanges(told);
  });
  if (changes !== null) return <list.Part changes={changes} now={now} />;
  return (
    <div class="zz-stack">
      {asking.problem !== null && (
        <Note tone="wait" title="Der Verlauf ist gerade nicht zu sehen" alert>
          {asking.problem}
        </Note>
      )}
      <Button look="soft" icon="history" busy={asking.busy} onClick={() => void asking.run()}>
        Verlauf der Änderungen
      </Button>
    </div>
  );
}
