/** „Neue Version bereit“: offered, never forced, and not while a form is open. */
import { applyUpdate, formsOpen, updateReady } from "../platform/updates";
import { useAction } from "../ui/action";
import { Button } from "../ui/button";
import { Note } from "../ui/parts";

/** Nothing, or the offer. */
export function UpdateNotice() {
  const updating = useAction(applyUpdate);
  if (!updateReady.value || formsOpen.value > 0) return null;
  return (
    <Note icon="download" title="Neue Version bereit">
      {updating.problem && <p role="alert">{updating.problem}</p>}
      <Button kind="secondary" busy={updating.busy} onClick={() => void updating.run()}>
        Jetzt neu laden
      </Button>
    </Note>
  );
}
