/** What tells one contact from another on Synchronisierung: when it was, and its result. */
import { watch } from "../../platform/records";
import { useNow } from "../../ui/clock";
import { dayOf, formatWall } from "../../ui/dates";
import { isPlanned, outcomeText, whenText } from "./model";
import { toContact } from "./store";

const COLUMNS = ["outcome", "happened_at", "planned_start"];

/** „Heute, 10:42 · Niemand angetroffen“; nothing while it is read or when this phone has it not. */
export function ContactWords({ id }: { id: string }) {
  const today = dayOf(useNow());
  const [row] = watch("visit", { ids: [id], columns: COLUMNS }).value ?? [];
  if (!row) return null;
  if (row.deleted) return <>Gelöscht</>;
  const contact = toContact(row);
  if (isPlanned(contact)) {
    return <>{formatWall(contact.plannedStart ?? "", today)} · Geplanter Besuch</>;
  }
  return (
    <>
      {whenText(contact, today)} · {outcomeText(contact)}
    </>
  );
}
