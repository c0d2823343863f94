/** What contacts lend to Heute: agreed appointments, VerBIS, the latest contacts. */
import { useId } from "preact/hooks";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf, formatWall, toLocalInput, withinPhrase } from "../../ui/dates";
import { Icon } from "../../ui/icons";
import { CardList, Item, Section } from "../../ui/parts";
import { plural } from "../../ui/words";
import { useReadyChips, Who } from "./case_choice";
import {
  agreed,
  type Contact,
  distanceText,
  isPlanned,
  openInVerbis,
  outcomeText,
  placeIcon,
  placeText,
  plannedFor,
  planTitle,
  whenText,
} from "./model";
import { addressOf, choiceById, glance, me, nameOf } from "./store";

const APPOINTMENTS = 5;
const RECENT = 3;

/** One's own planned visits of today: the next one large, the others below. */
export function Planned() {
  const now = useNow();
  const [next, ...later] = plannedFor(glance.value ?? [], me.value, dayOf(now));
  if (next === undefined) return null;
  return (
    <>
      <NextVisit visit={next} now={now} />
      {later.length > 0 && (
        <Section title="Danach">
          <CardList>
            {later.map((visit) => (
              <LaterVisit key={visit.id} visit={visit} />
            ))}
          </CardList>
        </Section>
      )}
    </>
  );
}

const timeOf = (visit: Contact): string => visit.plannedStart?.slice(11, 16) ?? "";

/** The other one of the two, or nothing when the visit is planned alone. */
function second(visit: Contact): string {
  return nameOf(visit.companion === me.value ? visit.counsellor : visit.companion);
}

function NextVisit({ visit, now }: { visit: Contact; now: number }) {
  const id = useId();
  return (
    <section class="zz-card zz-visit" aria-labelledby={id}>
      <div class="zz-visit__top">
        <time class="zz-num">{timeOf(visit)}</time>
        <span class="zz-muted">{distanceText(visit.plannedStart ?? "", toLocalInput(now))}</span>
      </div>
      <h2 class="zz-visit__who" id={id}>
        {planTitle(visit.placeKind)}{" "}
        <a class="zz-link" href={`/faelle/${visit.caseId}`}>
          <Who choice={choiceById.value.get(visit.caseId)} />
        </a>
      </h2>
      <VisitFacts visit={visit} />
      <Button look="soft split" icon="talk" iconEnd="right" href={`/kontakt?besuch=${visit.id}`}>
        Besuch festhalten
      </Button>
    </section>
  );
}

function VisitFacts({ visit }: { visit: Contact }) {
  const home = visit.placeKind === "in_flat" || visit.placeKind === "doorstep";
  const place = home ? addressOf(visit.caseId) : placeText(visit);
  return (
    <ul class="zz-meta">
      {place && (
        <li>
          <Icon name="pin" small />
          {place}
        </li>
      )}
      {second(visit) && (
        <li>
          <Icon name="people" small />
          mit {second(visit)}
        </li>
      )}
    </ul>
  );
}

function LaterVisit({ visit }: { visit: Contact }) {
  return (
    <Item
      icon={placeIcon(visit.placeKind)}
      tone="accent"
      title={`${timeOf(visit)} · ${placeText(visit)}`}
      note={
        <>
          <Who choice={choiceById.value.get(visit.caseId)} />
          {second(visit) && `\u00a0· mit ${second(visit)}`}
        </>
      }
      href={`/kontakt?besuch=${visit.id}`}
    />
  );
}

/** „Termine“: what was agreed with people, the next one first. */
export function Appointments() {
  const today = dayOf(useNow());
  const ahead = agreed(glance.value ?? [], today).filter((contact) =>
    choiceById.value.has(contact.caseId),
  );
  if (ahead.length === 0) return null;
  return (
    <Section title="Termine">
      <CardList>
        {ahead.slice(0, APPOINTMENTS).map((contact) => (
          <Item
            key={contact.id}
            icon="calendar"
            tone="accent"
            title={formatWall(contact.appointment ?? "", today)}
            note={<Who choice={choiceById.value.get(contact.caseId)} />}
            href={`/faelle/${contact.caseId}`}
          />
        ))}
      </CardList>
      {ahead.length > APPOINTMENTS && (
        <p class="zz-muted zz-s">
          {plural(ahead.length - APPOINTMENTS, "# weiterer Termin", "# weitere Termine")} in den
          Fällen
        </p>
      )}
    </Section>
  );
}

/** „In VerBIS nachtragen“: how many contacts still have to be entered there. */
export function VerbisReminder() {
  const open = openInVerbis(glance.value ?? []);
  if (open.length === 0) return null;
  return (
    <Section title="VerBIS">
      <CardList>
        <Item
          icon="doc"
          title="In VerBIS nachtragen"
          note={plural(open.length, "# Kontakt", "# Kontakte")}
          href="/verbis"
        />
      </CardList>
    </Section>
  );
}

/** „Zuletzt festgehalten“ */
export function RecentContacts() {
  const today = dayOf(useNow());
  useReadyChips();
  const recent = (glance.value ?? []).filter((one) => !isPlanned(one)).slice(0, RECENT);
  if (recent.length === 0) return null;
  return (
    <Section title="Zuletzt festgehalten">
      <CardList>
        {recent.map((contact) => (
          <ContactItem key={contact.id} contact={contact} today={today} />
        ))}
      </CardList>
    </Section>
  );
}

/** Whose contact, when and where. */
export function ContactNote({ contact, today }: { contact: Contact; today: string }) {
  return (
    <>
      <Who choice={choiceById.value.get(contact.caseId)} />
      {`\u00a0· ${withinPhrase(whenText(contact, today))}\u00a0· ${placeText(contact)}`}
    </>
  );
}

/** A contact as a row: what, whose, when and where. */
function ContactItem({ contact, today }: { contact: Contact; today: string }) {
  return (
    <Item
      icon={placeIcon(contact.placeKind)}
      title={outcomeText(contact)}
      note={<ContactNote contact={contact} today={today} />}
      href={`/kontakt/${contact.id}`}
    />
  );
}
