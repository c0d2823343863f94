/** Closed cases that have left this phone, and the way to have them again. */
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { Note } from "../../ui/parts";
import { plural } from "../../ui/words";
import { bringBackOlder, olderCases } from "./store";

/** Nothing while all cases are here. */
export function OlderCases() {
  const bringing = useAction(bringBackOlder);
  const count = olderCases.value;
  if (count === 0) return null;
  return (
    <Note
      icon="doc"
      title={plural(
        count,
        "# älterer abgeschlossener Fall fehlt hier",
        "# ältere abgeschlossene Fälle fehlen hier",
      )}
    >
      <p class="zz-s">
        Lange Abgeschlossenes bleibt nicht auf dem Telefon. Der Server hat es versiegelt; geladen
        bleibt es eine Woche.
      </p>
      {bringing.problem && (
        <p class="zz-s" role="alert">
          {bringing.problem}
        </p>
      )}
      <Button look="soft" icon="download" busy={bringing.busy} onClick={() => bringing.run()}>
        Ältere Fälle laden
      </Button>
    </Note>
  );
}
