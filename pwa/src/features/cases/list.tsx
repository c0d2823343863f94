/** The list of cases: search, filters, groups; only as many rows in the page as are looked at. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useAfterPaint } from "../../ui/after_paint";
import { Button } from "../../ui/button";
import { Chip } from "../../ui/chips";
import { SearchField } from "../../ui/fields";
import { Icon, Sign } from "../../ui/icons";
import { later } from "../../ui/later";
import { Bar, Empty, Loading, Pseudonym, Section } from "../../ui/parts";
import { formatNumber, plural } from "../../ui/words";
import { nameText } from "./case_name";
import {
  type ClientCase,
  countFilters,
  daysLeft,
  daysLeftText,
  endsSoon,
  FILTER_TITLES,
  type Filter,
  findCases,
  GROUP_TITLES,
  type GroupName,
  nextStep,
  type Prepared,
  phasePassed,
  stepText,
} from "./model";
import { caseList, lastContacts, mayChange, me, olderCases, rowsShown, search } from "./store";

const older = later(() => import("./pages").then(({ OlderCases }) => OlderCases));

// A phone shows six or seven at once; the next ones come while one scrolls.
const STEP = 20;
const FILTERS = Object.keys(FILTER_TITLES) as Filter[];

export interface CaseListProps {
  today: string;
  /** The case shown beside the list. */
  chosen: string | null;
}

/** Search field, filters and groups. */
export function CaseList({ today, chosen }: CaseListProps) {
  const list = caseList.value;
  const { query, filter } = search.value;
  const asked = useAfterPaint(query);
  const results = useMemo(
    () =>
      list && <Results list={list} query={asked} filter={filter} today={today} chosen={chosen} />,
    [list, asked, filter, today, chosen],
  );
  if (list === null) return <Loading />;
  if (list.length === 0) return <NoCases />;
  return (
    <>
      <div class="zz-stack zz-stack--m">
        <SearchField
          label="Fälle durchsuchen"
          placeholder="Name, Nummer"
          value={query}
          onInput={(text) => {
            search.value = { query: text, filter };
          }}
        />
        <Filters list={list} today={today} />
      </div>
      {results}
    </>
  );
}

function NoCases() {
  if (!mayChange.value)
    return <Empty icon="handover" title="Ihnen ist zurzeit kein Fall übergeben" />;
  return (
    <Empty icon="people" title="Noch keine Fälle">
      <p class="zz-muted">
        Legen Sie den ersten Fall an. Nötig ist nur ein Name, alles andere kann folgen.
      </p>
      <Button icon="doc" href="/faelle/einlesen">
        Liste einlesen
      </Button>
    </Empty>
  );
}

function Filters({ list, today }: { list: readonly Prepared[]; today: string }) {
  const { query, filter } = search.value;
  const filters = useMemo(() => countFilters(list, me.value, today), [list, today]);
  return (
    <fieldset class="zz-chips">
      <legend class="zz-vh">Filter</legend>
      {FILTERS.map((name) => (
        <Chip
          key={name}
          name="filter"
          value={name}
          checked={filter === name}
          onChange={() => {
            search.value = { query, filter: name };
          }}
        >
          {FILTER_TITLES[name]} <Pseudonym>{formatNumber(filters[name])}</Pseudonym>
        </Chip>
      ))}
    </fieldset>
  );
}

interface ResultsProps extends CaseListProps {
  list: readonly Prepared[];
  query: string;
  filter: Filter;
}

function Results({ list, query, filter, today, chosen }: ResultsProps) {
  const [limit, setLimit] = useLimit(`${filter} ${query}`);
  const found = findCases(list, { filter, query, me: me.value, today, limit });
  return (
    <>
      <p class="zz-vh" role="status">
        {query !== "" && plural(found.total, "# Fall gefunden", "# Fälle gefunden")}
      </p>
      {found.total === 0 && <NothingFound query={query} filter={filter} />}
      {found.groups.map((group) => (
        <Section
          key={group.name}
          title={groupTitle(group.name, filter)}
          aside={formatNumber(found.counts[group.name])}
        >
          <ul class="zz-card zz-rows">
            {group.cases.map((item) => (
              <li key={item.id}>
                <CaseRow
                  item={item}
                  group={group.name}
                  today={today}
                  current={item.id === chosen}
                />
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {found.total > limit && (
        <MoreRows rest={found.total - limit} onMore={() => setLimit(limit + STEP)} />
      )}
      {olderCases.value > 0 && (filter === "closed" || query !== "") && <older.Part />}
    </>
  );
}

/** A typed name finds closed cases among the open ones too: their heading says so. */
function groupTitle(name: GroupName, filter: Filter): string {
  const also = name === "closed" && filter !== "closed";
  return also ? "Auch gefunden: abgeschlossen" : GROUP_TITLES[name];
}

/** How many rows are shown: back to the first ones whenever something else is asked for. */
function useLimit(asked: string): [number, (limit: number) => void] {
  const limit = rowsShown.value.asked === asked ? rowsShown.value.limit : STEP;
  const show = (next: number) => {
    rowsShown.value = { asked, limit: next };
  };
  return [limit, show];
}

function NothingFound({ query, filter }: { query: string; filter: Filter }) {
  if (query !== "") {
    return (
      <Empty icon="search" title="Kein Fall gefunden">
        <p class="zz-muted">Gesucht wird in Namen und Nummern auf diesem Telefon.</p>
      </Empty>
    );
  }
  const titles: Record<Filter, string> = {
    open: "Kein offener Fall",
    mine: "Ihnen ist kein offener Fall zugeordnet",
    soon: "Keine Aktivierungsphase endet in den nächsten zwei Wochen",
    closed: "Noch kein Fall abgeschlossen",
  };
  return <Empty icon="people" title={titles[filter]} />;
}

/** The next rows come by themselves when the end is near; the button is for everybody else. */
function MoreRows({ rest, onMore }: { rest: number; onMore: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  // Each batch is observed anew: else a tall screen stops at the first.
  useEffect(() => {
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && more.current(), {
      rootMargin: "400px",
    });
    if (end.current) observer.observe(end.current);
    return () => observer.disconnect();
  }, [rest]);
  return (
    <div ref={end}>
      <Button look="soft" onClick={onMore}>
        {plural(rest, "# weiteren Fall zeigen", "# weitere Fälle zeigen")}
      </Button>
    </div>
  );
}

interface CaseRowProps {
  item: ClientCase;
  group: GroupName;
  today: string;
  current: boolean;
}

function CaseRow({ item, today, current }: CaseRowProps) {
  const passed = phasePassed(item, today);
  return (
    <a class="zz-case" href={`/faelle/${item.id}`} aria-current={current ? "true" : undefined}>
      <span class="zz-case__h">
        <span>
          <b>{nameText(item)}</b> <span class="zz-id zz-s">{item.pseudonym ?? "neu"}</span>
        </span>{" "}
        <DaysLeft item={item} today={today} />
      </span>
      {passed !== null && (
        <Bar value={passed} max={1} tone={endsSoon(item, today) ? "wait" : undefined} />
      )}
      <NextLine item={item} today={today} />
    </a>
  );
}

/** „noch 12 Tage“, with a triangle when it is time. */
export function DaysLeft({ item, today }: { item: ClientCase; today: string }) {
  const left = daysLeft(item, today);
  if (left === null) return null;
  return (
    <span class="zz-case__left zz-num">
      {endsSoon(item, today) && <Sign tone="wait" />}
      {daysLeftText(left)}
    </span>
  );
}

function NextLine({ item, today }: { item: ClientCase; today: string }) {
  const step = nextStep(item, lastContacts.value.get(item.id) ?? null, today);
  if (step === null) return null;
  return (
    <span class="zz-case__n">
      <Icon name={step.icon} small />
      <span class="zz-clip">{stepText(step, today)}</span>
    </span>
  );
}
