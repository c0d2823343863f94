/** What the team lends to Heute: who cannot begin without this person, and keys being renewed. */
import { newcomers, renewing, sheetForgotten } from "../../platform/session";
import { CardList, Item, Note } from "../../ui/parts";
import { roleLabel } from "../../ui/roles";
import { plural } from "../../ui/words";

/** While keys are renewed, whatever the reason: nobody has to do anything. */
export function Renewal() {
  const now = renewing.value;
  if (!now) return null;
  return (
    <Note icon="key" title="Schlüssel werden erneuert …">
      <p class="zz-s">
        Neue Einträge liest danach nur, wer es heute darf.{" "}
        {now.total > 0 && `${now.done} von ${plural(now.total, "# Fall", "# Fällen")}. `}
        Sie können weiterarbeiten.
      </p>
    </Note>
  );
}

/** The paper in the safe opens nothing any more: only a person can put another there. */
export function SheetForgotten() {
  if (!sheetForgotten.value) return null;
  return (
    <CardList>
      <Item
        icon="doc"
        tone="stop"
        alert="stop"
        title="Ihr Wiederherstellungsblatt gilt nicht mehr"
        note="Bitte neu drucken. Der Server kennt es nicht mehr."
        href="/mehr/blatt"
      />
    </CardList>
  );
}

/** „Berta Buche wartet auf Aufnahme“ */
export function Newcomers() {
  if (newcomers.value.length === 0) return null;
  return (
    <CardList label="Aufnahme">
      {newcomers.value.map((one) => (
        <Item
          key={one.user}
          icon="personplus"
          tone="wait"
          title={`${one.displayName} wartet auf Aufnahme`}
          note={`${roleLabel(one.role)} – Sicherheitsnummer vergleichen`}
          href="/team"
        />
      ))}
    </CardList>
  );
}
