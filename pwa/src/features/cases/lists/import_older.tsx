/** Closed cases that have left this phone: nobody can tell here who of a list has one of them. */
import { useAction } from "../../../ui/action";
import { say } from "../../../ui/announce";
import { Button } from "../../../ui/button";
import { useNow } from "../../../ui/clock";
import { addDays, dayOf, formatDay } from "../../../ui/dates";
import { Note } from "../../../ui/parts";
import { plural } from "../../../ui/words";
import { bringBackOlder, closedDays, olderCases } from "./store";

/** Nothing while all cases are here. Those that come are compared by themselves. */
export function NotCompared() {
  const today = dayOf(useNow());
  const bringing = useAction(async () => {
    await bringBackOlder();
    say("Auch mit den älteren Fällen verglichen", "check");
  });
  const count = olderCases.value;
  if (count === 0) return null;
  return (
    <Note
      tone="wait"
      title={plural(
        count,
        "Mit # älteren Fall noch nicht verglichen",
        "Mit # älteren Fällen noch nicht verglichen",
      )}
    >
      <p class="zz-s">
        Was vor dem {formatDay(addDays(today, -closedDays.value))} abgeschlossen wurde, liegt nicht
        mehr auf diesem Telefon. Wer aus der Liste dort schon einen Fall hat, wird erst erkannt,
        wenn Sie diese Fälle laden.
      </p>
      {bringing.problem && (
        <p class="zz-s" role="alert">
          {bringing.problem} Speichern Sie jetzt, kann es danach Fälle doppelt geben.
        </p>
      )}
      <Button look="soft" icon="download" busy={bringing.busy} onClick={() => bringing.run()}>
        Ältere Fälle dafür laden
      </Button>
    </Note>
  );
}
