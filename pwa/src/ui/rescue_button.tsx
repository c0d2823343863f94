/** **Sicherungsdatei erstellen**: the way out for entries that a phone cannot send. */
import { useState } from "preact/hooks";
import { useAction } from "./action";
import { Button } from "./button";
import { Note } from "./parts";
import { plural } from "./words";

interface Made {
  name: string;
  entries: number;
  drafts: number;
  /** Quick notes. */
  notes: number;
}

/** The button, and what it has made. */
export function RescueButton({ make }: { make: () => Promise<Made> }) {
  const [made, setMade] = useState<Made | null>(null);
  const making = useAction(async () => setMade(await make()));
  return (
    <div class="zz-stack">
      {making.problem !== null && (
        <Note tone="stop" title="Die Sicherungsdatei ist nicht erstellt" alert>
          {making.problem}
        </Note>
      )}
      {made !== null && (
        <Note tone="ok" title="Sicherungsdatei erstellt" alert>
          <p>
            {contents(made)}, verschlossen, in den Downloads als {made.name}. Geben Sie die Datei
            Ihrer Verwaltung. Auf diesem Telefon bleibt alles, wie es ist.
          </p>
        </Note>
      )}
      <Button icon="download" busy={making.busy} onClick={() => void making.run()}>
        Sicherungs&shy;datei erstellen
      </Button>
    </div>
  );
}

function contents({ entries, drafts, notes }: Made): string {
  const both = [
    plural(entries, "# Eintrag", "# Einträge"),
    plural(drafts, "# Entwurf", "# Entwürfe"),
  ];
  if (notes === 0) return both.join(" und ");
  return `${both.join(", ")} und ${plural(notes, "# Schnellnotiz", "# Schnellnotizen")}`;
}
