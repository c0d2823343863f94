/** One contact to read: its words, its facts, its history; the way to change or delete it. */
import { CORE_TASKS, TOPICS, WHO_OPENED } from "@sync/codes";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { Changes } from "../../ui/changes";
import { useNow } from "../../ui/clock";
import { dayOf, formatDay, formatMoment, formatWall, withinPhrase } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { Card, Fact, Facts, Note, Section } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { useWayBack } from "../../ui/way_back";
import { Who } from "./case_choice";
import {
  type Contact,
  label,
  outcomeText,
  placeText,
  TEXT_COLUMNS,
  TEXT_LABELS,
  type TextColumn,
  UNREADABLE_TEXT,
  whenText,
} from "./model";
import { choiceById, contactHistory, deleteContact, hasCases, mayChange, nameOf } from "./store";

/** The screen /kontakt/:id. */
export function ContactView({ contact }: { contact: Contact }) {
  const now = useNow();
  const today = dayOf(now);
  const { back } = useWayBack(`/kontakt/${contact.id}`, `/faelle/${contact.caseId}`);
  const readable = contact.unreadable.length === 0;
  return (
    <TaskScreen
      name="Kontakt"
      focusKey={contact.id}
      heading={outcomeText(contact)}
      sub={`${whenText(contact, today)}\u00a0· ${placeText(contact)}`}
      back={back}
      dock={
        readable &&
        mayChange(contact) && (
          <Button kind="primary" icon="edit" href={`/kontakt/${contact.id}/bearbeiten`}>
            Bearbeiten
          </Button>
        )
      }
    >
      {!readable && <Unreadable />}
      {TEXT_COLUMNS.map((column) => (
        <Words key={column} contact={contact} column={column} now={now} />
      ))}
      <ContactFacts contact={contact} today={today} now={now} />
      {hasCases.value && <Changes load={() => contactHistory(contact.id)} now={now} />}
      {mayChange(contact) && <Delete contact={contact} back={back} />}
    </TaskScreen>
  );
}

function Unreadable() {
  return (
    <Note tone="wait" title="Auf diesem Gerät nicht lesbar">
      Ein Teil dieses Eintrags ist mit einem Schlüssel versiegelt, den dieses Telefon noch nicht
      hat.
    </Note>
  );
}

interface WordsProps {
  contact: Contact;
  column: TextColumn;
  now: number;
}

function Words({ contact, column, now }: WordsProps) {
  const versions = contact.versions[column];
  const text = contact.texts[column];
  if (!versions && text === "") return null;
  return (
    <Section title={TEXT_LABELS[column]}>
      {versions ? (
        <>
          <p class="zz-muted zz-s">
            {versions.length} Fassungen: Mehrere Personen haben gleichzeitig geschrieben.
            „Bearbeiten“ führt sie zusammen.
          </p>
          {versions.map((version) => (
            <Card pad key={version.stamp}>
              <p class="zz-muted zz-s">
                {nameOf(version.author)} · {formatMoment(version.at, now)}
              </p>
              <p class="zz-pre">
                {version.text === null ? UNREADABLE_TEXT : version.text || "leer"}
              </p>
            </Card>
          ))}
        </>
      ) : (
        <Card pad>
          <p class="zz-pre">{text}</p>
        </Card>
      )}
    </Section>
  );
}

const names = (catalogue: Record<string, string>, codes: readonly string[]): string =>
  codes.map((code) => label(catalogue, code)).join(", ");

function ContactFacts({ contact, today, now }: { contact: Contact; today: string; now: number }) {
  return (
    <Facts>
      <Fact name="Fall">
        <a class="zz-link" href={`/faelle/${contact.caseId}`}>
          <Who choice={choiceById.value.get(contact.caseId)} />
        </a>
      </Fact>
      <Fact name="Festgehalten von">
        {nameOf(contact.author)}, {withinPhrase(formatMoment(contact.recordedAt, now))}
      </Fact>
      {contact.whoOpened && (
        <Fact name="Wer geöffnet hat">{label(WHO_OPENED, contact.whoOpened)}</Fact>
      )}
      {contact.appointment && (
        <Fact name="Termin vereinbart">{formatWall(contact.appointment, today)}</Fact>
      )}
      {contact.returnAnnounced && (
        <Fact name="Rückkehr zum pAp angesprochen">{formatDay(contact.returnAnnounced)}</Fact>
      )}
      {contact.topics.length > 0 && <Fact name="Themen">{names(TOPICS, contact.topics)}</Fact>}
      {contact.coreTasks.length > 0 && (
        <Fact name="Kernaufgaben">{names(CORE_TASKS, contact.coreTasks)}</Fact>
      )}
      {contact.verbisOpen && <Fact name="VerBIS">noch nachzutragen</Fact>}
    </Facts>
  );
}

function Delete({ contact, back }: { contact: Contact; back: string }) {
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  const removing = useAction(() => deleteContact(contact.id));
  const remove = async () => {
    setAsking(false);
    if (!(await removing.run())) return;
    route(back, true);
    scrollTo(0, 0);
  };
  return (
    <>
      {removing.problem !== null && (
        <Note tone="stop" title="Nicht gelöscht" alert>
          {removing.problem}
        </Note>
      )}
      <Button kind="tertiary" onClick={() => setAsking(true)}>
        Kontakt löschen
      </Button>
      <Confirm
        open={asking}
        title="Kontakt löschen?"
        action="Kontakt löschen"
        destroys
        onConfirm={remove}
        onClose={() => setAsking(false)}
      >
        <p>Der Eintrag verschwindet auf allen Telefonen aus dem Verlauf und aus allen Listen.</p>
      </Confirm>
    </>
  );
}
