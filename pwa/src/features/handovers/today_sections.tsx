/** What handovers put on Heute: late work that waits for a decision. */
import { CardList, Item, Section } from "../../ui/parts";
import { plural } from "../../ui/words";
import { lateWork, mayHandOver } from "./store";

/** The reminder on Heute; nothing while nothing waits. */
export function LateWorkReminder() {
  const waiting = lateWork.value?.length ?? 0;
  if (waiting === 0 || !mayHandOver.value) return null;
  return (
    <Section title="Späte Einträge">
      <CardList>
        <Item
          icon="handover"
          tone="wait"
          title={plural(waiting, "# Eintrag wartet", "# Einträge warten")}
          note="Zu spät oder von einem gesperrten Telefon: übernehmen oder verwerfen"
          href="/spaete-eintraege"
        />
      </CardList>
    </Section>
  );
}
