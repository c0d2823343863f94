/** Two numbers differ: nobody agrees, until it is clear why. */
import { Note } from "../../ui/parts";

/** `name`: the other person. */
export function Differs({ name }: { name: string }) {
  return (
    <Note tone="stop" alert title="Stimmen Sie jetzt nicht zu">
      <p>
        Prüfen Sie zuerst, ob {name} wirklich die Nummer mit Ihrem Namen vorliest. Unterscheidet sie
        sich weiter, sind die Schlüssel nicht die von {name}: Bitte verständigen Sie die Verwaltung.
      </p>
    </Note>
  );
}
