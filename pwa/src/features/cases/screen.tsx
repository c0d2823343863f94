/** /faelle and /faelle/:id: the list, one case, and both side by side where there is room. */
import { useLayoutEffect } from "preact/hooks";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf } from "../../ui/dates";
import { Split, TabScreen, Title } from "../../ui/frame";
import { Icon } from "../../ui/icons";
import { Empty, Loading } from "../../ui/parts";
import { useWayBack } from "../../ui/way_back";
import { ROOMY, useWide } from "../../ui/wide";
import { CaseName } from "./case_name";
import { CaseFacts, CaseGlance, CaseSteps, CaseWords, Lent, Reach } from "./case_view";
import { CaseList } from "./list";
import { type ClientCase, stateLine } from "./model";
import { mayChange, readCase, startSearchAnew } from "./store";

const LIST = "/faelle";

/** One component for both addresses, so that the wide layout keeps its list and search. */
export function CasesScreen({ id }: { id?: string }) {
  const wide = useWide();
  const today = dayOf(useNow());
  const list = id === undefined;
  const way = useWayBack(list ? LIST : `${LIST}/${id}`, LIST, list);
  useLayoutEffect(() => {
    if (list && !way.returned) startSearchAnew();
  }, [list, way.returned]);
  if (wide) return <WideCases id={id} today={today} />;
  return list ? <NarrowList today={today} /> : <NarrowCase id={id} back={way.back} today={today} />;
}

function AddCase() {
  if (!mayChange.value) return null;
  return (
    <a class="zz-chip zz-chip--link" href="/faelle/neu">
      <Icon name="plus" small />
      Fall anlegen
    </a>
  );
}

function RecordContact({ id }: { id: string }) {
  return (
    <Button kind="primary" icon="talk" href={`/kontakt?fall=${id}`}>
      Kontakt festhalten
    </Button>
  );
}

function NarrowList({ today }: { today: string }) {
  return (
    <TabScreen name="Fälle" aside={<AddCase />}>
      <CaseList today={today} chosen={null} />
    </TabScreen>
  );
}

function NarrowCase({ id, back, today }: { id: string; back: string; today: string }) {
  const item = readCase(id);
  if (!item) {
    return (
      <TabScreen name="Fall" back={back}>
        <Missing loading={item === null} />
      </TabScreen>
    );
  }
  return (
    <TabScreen
      name="Fall"
      focusKey={id}
      heading={<CaseName item={item} />}
      sub={stateLine(item)}
      back={back}
      dock={<RecordContact id={id} />}
    >
      <CaseParts item={item} today={today} />
    </TabScreen>
  );
}

/** Everything about a case, one below the other: what comes next before what has been. */
function CaseParts({ item, today }: { item: ClientCase; today: string }) {
  return (
    <>
      <Lent caseId={item.id} first />
      <CaseGlance item={item} today={today} />
      <Reach item={item} />
      <Lent caseId={item.id} />
      <CaseWords item={item} />
      <CaseFacts item={item} today={today} />
      <CaseSteps item={item} />
    </>
  );
}

function Missing({ loading }: { loading: boolean }) {
  if (loading) return <Loading />;
  return (
    <Empty icon="search" title="Diesen Fall gibt es nicht auf diesem Telefon">
      <p class="zz-muted">Er ist noch nicht angekommen, oder Sie haben keinen Zugriff darauf.</p>
    </Empty>
  );
}

function WideCases({ id, today }: { id: string | undefined; today: string }) {
  return (
    <TabScreen name={id === undefined ? "Fälle" : "Fall"} focusKey={id ?? ""} layout="split">
      <Split
        list={
          <>
            <Title heading="Fälle" aside={<AddCase />} />
            <CaseList today={today} chosen={id ?? null} />
          </>
        }
        detail={id === undefined ? null : <WideCase key={id} id={id} today={today} />}
        detailLabel="Fall"
        placeholder={<Empty icon="people" title="Wählen Sie links einen Fall" />}
      />
    </TabScreen>
  );
}

function WideCase({ id, today }: { id: string; today: string }) {
  const roomy = useWide(ROOMY);
  const item = readCase(id);
  if (!item) return <Missing loading={item === null} />;
  if (!roomy) {
    return (
      <>
        <WideHead item={item} />
        <CaseParts item={item} today={today} />
      </>
    );
  }
  return (
    <>
      <WideHead item={item} />
      <Lent caseId={id} first />
      <div class="zz-cols">
        <div class="zz-stack zz-stack--l">
          <Lent caseId={id} />
          <CaseWords item={item} />
        </div>
        <div class="zz-stack zz-stack--l">
          <CaseGlance item={item} today={today} />
          <Reach item={item} />
          <CaseFacts item={item} today={today} />
          <CaseSteps item={item} />
        </div>
      </div>
    </>
  );
}

function WideHead({ item }: { item: ClientCase }) {
  return (
    <div class="zz-widehead">
      <div class="zz-title">
        <h2>
          <CaseName item={item} />
        </h2>
        <p>{stateLine(item)}</p>
      </div>
      <RecordContact id={item.id} />
    </div>
  );
}
