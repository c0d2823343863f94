/** „Verlauf“: the contacts of one case, newest first, and where the last saved one is. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf, formatTime, formatWall, withinPhrase } from "../../ui/dates";
import { Icon, type IconName, Sign } from "../../ui/icons";
import { Empty, Loading, Section, Timeline, TimelineEntry } from "../../ui/parts";
import { plural } from "../../ui/words";
import { useReadyChips } from "./case_choice";
import { type Contact, isPlanned, outcomeText, placeIcon, placeText, whenText } from "./model";
import { contactsOf, forgetSaved, me, nameOf, type Saved, saved, syncStateOf } from "./store";

const FIRST = 8;

/** The section visits lend to a case. */
export function CaseTimeline({ caseId }: { caseId: string }) {
  const today = dayOf(useNow());
  const [all, setAll] = useState(false);
  const contacts = contactsOf(caseId);
  useReadyChips();
  if (contacts === null) return <Loading />;
  const made = contacts.filter((contact) => !isPlanned(contact)).length;
  const shown = all ? contacts : contacts.slice(0, FIRST);
  return (
    <Section
      title="Verlauf"
      aside={made === 0 ? undefined : plural(made, "# Kontakt", "# Kontakte")}
    >
      {contacts.length === 0 && (
        <Empty icon="talk" title="Noch kein Kontakt">
          <p class="zz-muted">Auch ein Versuch zählt: Halten Sie fest, dass niemand öffnete.</p>
        </Empty>
      )}
      <Timeline>
        {shown.map((contact) => (
          <Entry key={contact.id} contact={contact} today={today} />
        ))}
      </Timeline>
      {contacts.length > shown.length && (
        <Button look="soft" onClick={() => setAll(true)}>
          {plural(
            contacts.length - shown.length,
            "# weiteren Kontakt zeigen",
            "# weitere Kontakte zeigen",
          )}
        </Button>
      )}
    </Section>
  );
}

function Entry({ contact, today }: { contact: Contact; today: string }) {
  if (!isPlanned(contact)) return <ContactEntry contact={contact} today={today} />;
  const second = contact.companion === me.value ? contact.counsellor : contact.companion;
  return (
    <TimelineEntry
      icon={placeIcon(contact.placeKind)}
      planned
      when={`${formatWall(contact.plannedStart ?? "", today)} · geplant`}
      title={second === null ? placeText(contact) : `${placeText(contact)} mit ${nameOf(second)}`}
      href={`/kontakt?besuch=${contact.id}`}
    />
  );
}

function ContactEntry({ contact, today }: { contact: Contact; today: string }) {
  return (
    <TimelineEntry
      icon={placeIcon(contact.placeKind)}
      when={`${whenText(contact, today)}\u00a0· ${placeText(contact)}`}
      instant={contact.happenedAt ?? undefined}
      title={outcomeText(contact)}
      href={`/kontakt/${contact.id}`}
    >
      {contact.texts.observation && <p class="zz-pre">{contact.texts.observation}</p>}
      {contact.texts.assessment && <p class="zz-pre">{contact.texts.assessment}</p>}
      {contact.texts.wish && <p class="zz-pre">Wunsch: {contact.texts.wish}</p>}
      {contact.texts.next_step && <p class="zz-pre">Nächster Schritt: {contact.texts.next_step}</p>}
      {contact.appointment && <p>Termin: {withinPhrase(formatWall(contact.appointment, today))}</p>}
      <Marks contact={contact} />
    </TimelineEntry>
  );
}

function Marks({ contact }: { contact: Contact }) {
  const other = contact.author !== me.value;
  if (!other && !contact.pending && !contact.clarify) return null;
  return (
    <p class="zz-marks zz-muted">
      {other && <span>{nameOf(contact.author)}</span>}
      {contact.pending && (
        <span class="zz-row">
          <Icon name="mobile" small />
          auf diesem Telefon
        </span>
      )}
      {contact.clarify && (
        <span class="zz-row">
          <Sign tone="stop" />
          zu klären
        </span>
      )}
    </p>
  );
}

interface Words {
  tone: "phone" | "ok" | "stop";
  text: string;
}

// Green comes from the server's verdict alone.
const SAVED_ICONS: Record<Words["tone"], IconName> = {
  phone: "mobile",
  ok: "cloud-check",
  stop: "warn",
};

function savedWords({ contact }: Saved): Words {
  const entry = syncStateOf(contact);
  if (entry?.state === "clarify")
    return {
      tone: "stop",
      text: `Zu klären: ${entry.message ?? "Der Server hat den Eintrag abgelehnt."}`,
    };
  if (entry?.state === "secured")
    return { tone: "ok", text: `Gesichert um ${formatTime(entry.at)}` };
  return { tone: "phone", text: "Auf diesem Telefon gespeichert" };
}

/** Where the contact just saved is. It stays until the person leaves the case: no need to hurry. */
export function SavedLine({ caseId }: { caseId: string }) {
  const here = saved.value?.caseId === caseId ? saved.value : null;
  useEffect(() => () => forgetSaved(), []);
  const words = here && savedWords(here);
  return (
    <div class="zz-saved" role="status">
      {words && (
        <p class={`zz-row zz-savedline zz-savedline--${words.tone}`}>
          <Icon name={SAVED_ICONS[words.tone]} small />
          <span>{words.text}</span>
        </p>
      )}
    </div>
  );
}
