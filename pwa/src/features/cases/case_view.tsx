/** One case: where it stands, what comes next, how to reach the person, what happened. */
import { CASE_KINDS, TARGET_GROUPS } from "@sync/codes";
import { Changes } from "../../ui/changes";
import { useNow } from "../../ui/clock";
import { formatDay, formatMoment, withinPhrase } from "../../ui/dates";
import { useCaseSections } from "../../ui/feature";
import { Sign } from "../../ui/icons";
import { Bar, Card, CardList, Fact, Facts, Item, Note, Section } from "../../ui/parts";
import { UNREADABLE_TEXT } from "./case_name";
import { COLUMN_LABELS } from "./history";
import {
  ageHint,
  type ClientCase,
  daysLeft,
  daysLeftText,
  endsSoon,
  nextStep,
  phasePassed,
  stepText,
} from "./model";
import { caseHistory, lastContacts, mayChange, nameOf } from "./store";

export interface CasePartProps {
  item: ClientCase;
  today: string;
}

/** What must be seen first: a hazard, values that do not open, days left, the next step. */
export function CaseGlance({ item, today }: CasePartProps) {
  return (
    <>
      {item.unreadable.length > 0 && (
        <Note tone="wait" title={UNREADABLE_TEXT}>
          {item.unreadable.map((column) => COLUMN_LABELS[column] ?? column).join(", ")}: Dieses
          Telefon hat den Schlüssel noch nicht.
        </Note>
      )}
      <PhaseCard item={item} today={today} />
      {item.hazard && (
        <Note tone="wait" title="Sicherheitshinweis">
          <span class="zz-pre">{item.hazard}</span>
        </Note>
      )}
      <NextStepCard item={item} today={today} />
    </>
  );
}

function PhaseCard({ item, today }: CasePartProps) {
  const left = daysLeft(item, today);
  const passed = phasePassed(item, today);
  if (left === null || item.activationLimit === null) return null;
  const soon = endsSoon(item, today);
  return (
    <div class="zz-card zz-budget">
      <div class="zz-budget__n">
        <b class="zz-num zz-row">
          {soon && <Sign tone="wait" />}
          {daysLeftText(left)}
        </b>
        <span class="zz-muted zz-s zz-num">Aktivierung bis {formatDay(item.activationLimit)}</span>
      </div>
      {passed !== null && <Bar value={passed} max={1} tone={soon ? "wait" : undefined} large />}
    </div>
  );
}

function NextStepCard({ item, today }: CasePartProps) {
  const step = nextStep(item, lastContacts.value.get(item.id) ?? null, today);
  if (step === null) return null;
  return (
    <Section title="Nächster Schritt">
      <CardList>
        <Item
          icon={step.icon}
          tone="accent"
          title={<span class="zz-pre">{stepText(step, today)}</span>}
          note={step.visit && "Besuch festhalten"}
          href={step.visit && `/kontakt?besuch=${step.visit}`}
        />
      </CardList>
    </Section>
  );
}

/** Phone, address and other ways to the person. */
export function Reach({ item }: { item: ClientCase }) {
  if (!item.phone && !item.address && !item.reachVia) return null;
  return (
    <Section title="Erreichen">
      <CardList>
        {item.phone && (
          <Item
            icon="phone"
            title={item.phone}
            note="Anrufen"
            href={`tel:${item.phone.replace(/[^+\d]/g, "")}`}
          />
        )}
        {item.address && (
          <Item icon="pin" title={<span class="zz-pre">{item.address}</span>} note="Anschrift" />
        )}
        {item.reachVia && (
          <Item
            icon="talk"
            title={<span class="zz-pre">{item.reachVia}</span>}
            note="Erreichbar über"
          />
        )}
      </CardList>
    </Section>
  );
}

/** The sections other features lend to a case. */
export function Lent({ caseId, first = false }: { caseId: string; first?: boolean }) {
  return (
    <>
      {useCaseSections(first).map(({ view: View, order }) => (
        <View key={`${order} ${caseId}`} caseId={caseId} />
      ))}
    </>
  );
}

/** Wishes and situation in the person's and the counsellors' words. */
export function CaseWords({ item }: { item: ClientCase }) {
  return (
    <>
      <Words item={item} column="wishes" text={item.wishes} />
      <Words item={item} column="situation" text={item.situation} />
      <Words item={item} column="target_detail" text={null} />
    </>
  );
}

function Words({ item, column, text }: { item: ClientCase; column: string; text: string | null }) {
  const now = useNow();
  const versions = item.versions[column];
  if (!versions && text === null) return null;
  return (
    <Section title={COLUMN_LABELS[column]}>
      {versions?.map((version) => (
        <Card pad key={version.stamp}>
          <p class="zz-muted zz-s">
            Fassung von {nameOf(version.author)}, {withinPhrase(formatMoment(version.at, now))}
          </p>
          <p class="zz-pre">{version.text === null ? UNREADABLE_TEXT : version.text || "leer"}</p>
        </Card>
      )) ?? (
        <Card pad>
          <p class="zz-pre">{text}</p>
        </Card>
      )}
    </Section>
  );
}

/** Everything else that is known, and the age hint. */
export function CaseFacts({ item, today }: CasePartProps) {
  const hint = ageHint(item.dateOfBirth, today, item.activationLimit);
  return (
    <Section title="Angaben">
      {hint && <Note icon="info">{hint}</Note>}
      <Facts>
        {facts(item).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function facts(item: ClientCase): [string, string][] {
  const group = item.targetGroup && (TARGET_GROUPS[item.targetGroup] ?? item.targetGroup);
  const rows: [string, string | null | undefined][] = [
    ["Art", CASE_KINDS[item.kind]],
    ["Geburtsdatum", item.dateOfBirth && formatDay(item.dateOfBirth)],
    ["Kundennummer", item.clientNumber],
    ["Zuständig", nameOf(item.counsellor)],
    ["Überstellt von", nameOf(item.transferringCounsellor)],
    ["Übergabe am", item.handedOver && formatDay(item.handedOver)],
    ["Erster Kontakt", item.firstContact && formatDay(item.firstContact)],
    [
      "Zielgruppe",
      [group, !item.versions.target_detail && item.targetDetail].filter(Boolean).join(": "),
    ],
  ];
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}

/** What else can be done with a case. */
export function CaseSteps({ item }: { item: ClientCase }) {
  const now = useNow();
  if (!mayChange.value) return null;
  return (
    <Section title="Weitere Schritte">
      {item.unreadable.length === 0 && (
        <CardList>
          <Item icon="edit" title="Fall bearbeiten" href={`/faelle/${item.id}/bearbeiten`} />
        </CardList>
      )}
      <Changes key={item.id} load={() => caseHistory(item.id)} now={now} />
    </Section>
  );
}
