/** The safety number of two people: ten groups of five digits, the same on both phones. */
import { useEffect, useState } from "preact/hooks";
import { safetyNumber } from "../../platform/vouching";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { Loading, Note } from "../../ui/parts";

/** Computes and shows the number shared with `user`; tells when it is on screen. */
export function SafetyNumber({ user, onShown }: { user: string; onShown?: () => void }) {
  const [groups, setGroups] = useState<string[] | null>(null);
  const computing = useAction(async () => {
    setGroups(await safetyNumber(user));
    onShown?.();
  });
  const { run } = computing;
  useEffect(() => {
    setGroups(null);
    void run();
  }, [user, run]);
  if (computing.problem) {
    return (
      <Note tone="stop" alert title={computing.problem}>
        <Button onClick={() => void run()}>Noch einmal versuchen</Button>
      </Note>
    );
  }
  if (!groups) return <Loading>Sicherheitsnummer wird berechnet …</Loading>;
  return (
    <ol class="zz-number" aria-label="Sicherheitsnummer">
      {groups.map((group, place) => (
        <li key={place}>{group}</li>
      ))}
    </ol>
  );
}
