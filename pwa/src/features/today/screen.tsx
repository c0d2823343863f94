/** /heute: what to go on with, what comes, what must not be forgotten. */
import { useContext } from "preact/hooks";
import { Button, Tile, Tiles } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf, formatLongDay, formatMoment, withinPhrase } from "../../ui/dates";
import { Features, placeOfDraft, useTodaySections } from "../../ui/feature";
import { TabScreen } from "../../ui/frame";
import { CardList, Empty, Item, Section } from "../../ui/parts";
import { useWayBack } from "../../ui/way_back";
import { openDrafts } from "./model";
import { caseCount, drafts, loadingFirst, standsIn } from "./store";

/** The first screen of a counsellor. */
export function TodayScreen() {
  const now = useNow();
  const sections = useTodaySections();
  useWayBack("/heute", "/heute", true);
  return (
    <TabScreen
      name="Heute"
      aside={formatLongDay(dayOf(now))}
      dock={standsIn.value ? <DeputyActions /> : <QuickActions />}
    >
      <Drafts now={now} />
      {sections.map(
        ({ view: View, order, always }) =>
          (always || caseCount.value !== 0) && <View key={order} />,
      )}
      {caseCount.value === 0 && <FirstSteps />}
    </TabScreen>
  );
}

/** A fresh team starts with a case; from then on contacts are the main job. */
function QuickActions() {
  const fresh = caseCount.value === 0;
  return (
    <Tiles>
      <Tile icon="talk" href="/kontakt" main={!fresh}>
        Kontakt festhalten
      </Tile>
      <Tile icon="personplus" href="/faelle/neu" main={fresh}>
        Fall anlegen
      </Tile>
    </Tiles>
  );
}

/** Whoever stands in records contacts, once a case was handed to her. */
function DeputyActions() {
  if (!caseCount.value) return null;
  return (
    <Button kind="primary" icon="talk" href="/kontakt">
      Kontakt festhalten
    </Button>
  );
}

function Drafts({ now }: { now: number }) {
  const features = useContext(Features);
  const open = openDrafts(drafts.value, (key) => placeOfDraft(features, key));
  if (open.length === 0) return null;
  return (
    <Section title="Entwürfe">
      <CardList>
        {open.map(({ key, changedAt, label, href, whose: Whose }) => (
          <Item
            key={`${key} ${changedAt}`}
            icon="edit"
            tone="wait"
            title={Whose ? <Whose draftKey={key} /> : "Entwurf"}
            note={`${label} · ${withinPhrase(formatMoment(changedAt, now))}`}
            href={href}
          />
        ))}
      </CardList>
    </Section>
  );
}

function FirstSteps() {
  if (loadingFirst.value) {
    return (
      <Empty icon="sync" title="Ihre Fälle werden geladen">
        <p class="zz-muted">Das dauert nur beim ersten Mal so lange.</p>
      </Empty>
    );
  }
  if (standsIn.value) return <NothingHanded />;
  return (
    <Empty icon="people" title="Legen Sie den ersten Fall an">
      <p class="zz-muted">
        Nötig ist nur ein Name. Danach können Sie Kontakte festhalten, auch ohne Netz.
      </p>
    </Empty>
  );
}

function NothingHanded() {
  return (
    <Empty icon="handover" title="Ihnen ist zurzeit kein Fall übergeben">
      <p class="zz-muted">
        Übergibt Ihnen eine aB-pAp einen Fall, erscheint er hier, und nur für die vereinbarte Zeit.
        Andere Fälle sehen Sie nicht.
      </p>
    </Empty>
  );
}
