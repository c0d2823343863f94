/** What cases lend to Heute: whose activation phase ends soon. */
import { useNow } from "../../ui/clock";
import { dayOf } from "../../ui/dates";
import { CardList, Item, Section } from "../../ui/parts";
import { plural } from "../../ui/words";
import { CaseName } from "./case_name";
import { daysLeft, limitReminder, limitReminders } from "./model";
import { caseList } from "./store";

const SHOWN = 5;

/** „Erinnerungen“, computed on this phone from the end of each phase. */
export function Reminders() {
  const today = dayOf(useNow());
  const due = limitReminders(
    (caseList.value ?? []).map((row) => row.item),
    today,
  );
  if (due.length === 0) return null;
  return (
    <Section title="Erinnerungen">
      <CardList>
        {due.slice(0, SHOWN).map((item) => (
          <Item
            key={item.id}
            icon="clock"
            tone="wait"
            title={limitReminder(daysLeft(item, today) ?? 0)}
            note={<CaseName item={item} />}
            href={`/faelle/${item.id}`}
          />
        ))}
      </CardList>
      {due.length > SHOWN && (
        <p class="zz-muted zz-s">
          {plural(due.length - SHOWN, "# weiterer Fall", "# weitere Fälle")} unter „Endet bald“ in
          der Liste der Fälle
        </p>
      )}
    </Section>
  );
}
