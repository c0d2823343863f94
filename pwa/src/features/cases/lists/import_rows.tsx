/** The third step: who is stored, who is left out, and who gets whom. */
import { useState } from "preact/hooks";
import { Button } from "../../../ui/button";
import { Chip, ChipGroup } from "../../../ui/chips";
import { Fact, Facts, Note, Section } from "../../../ui/parts";
import { formatNumber, plural } from "../../../ui/words";
import type { ClientCase } from "../model";
import { NotCompared } from "./import_older";
import { isTaken, type Reading } from "./reading";
import { RowEntry } from "./row_entry";
import type { ListRow } from "./rows";
import { type Load, shareHints } from "./sharing";
import { counsellors, reading } from "./store";

const STEP = 20;

interface CheckRowsProps {
  current: Reading;
  rows: readonly ListRow[];
  known: readonly ClientCase[];
  /** The open cases of everybody once these are stored. */
  after: Load;
}

/** Everybody of the list, whoever needs a look first. */
export function CheckRows({ current, rows, known, after }: CheckRowsProps) {
  const odd = rows.filter(needsLook);
  const plain = rows.filter((row) => !needsLook(row));
  const unread = known.filter(({ unreadable }) => unreadable.includes("name")).length;
  return (
    <>
      {unread > 0 && (
        <Note tone="wait" title="Nicht alle Doppel lassen sich erkennen">
          {plural(
            unread,
            "# Fall ist auf diesem Gerät nicht lesbar.",
            "# Fälle sind auf diesem Gerät nicht lesbar.",
          )}
        </Note>
      )}
      <NotCompared />
      <Shares current={current} after={after} />
      <People title="Bitte prüfen" rows={odd} current={current} />
      <People title="Ohne Auffälligkeit" rows={plain} current={current} />
      <Note icon="info" title="Die Datei selbst bleibt lesbar">
        <p class="zz-s">
          Sie liegt weiter dort, wo Sie sie gewählt haben. Löschen Sie sie auf diesem Telefon, wenn
          alles gespeichert ist.
        </p>
      </Note>
      <Button
        kind="tertiary"
        onClick={() => {
          reading.value = { ...current, step: "columns" };
          scrollTo(0, 0);
        }}
      >
        Zurück zu den Spalten
      </Button>
    </>
  );
}

function needsLook(row: ListRow): boolean {
  return row.problems.length + row.hints.length > 0 || row.twin !== null;
}

function Shares({ current, after }: { current: Reading; after: Load }) {
  const members = counsellors.value;
  const hints = shareHints(after, members);
  const choose = (counsellor: string) => {
    reading.value = { ...current, choices: { ...current.choices, counsellor } };
  };
  return (
    <Section title="Zuständig">
      <ChipGroup legend="Wer bekommt die Fälle?" quiet>
        {[{ user: "", name: "Abwechselnd" }, ...members].map(({ user, name }) => (
          <Chip
            key={user}
            name="counsellor"
            value={user}
            checked={current.choices.counsellor === user}
            onChange={() => choose(user)}
          >
            {name}
          </Chip>
        ))}
      </ChipGroup>
      <Facts>
        {members.map(({ user, name }) => (
          <Fact key={user} name={name}>
            {inWords(user, after)}
          </Fact>
        ))}
      </Facts>
      {hints.map((hint) => (
        <Note key={hint} icon="info">
          {hint}
        </Note>
      ))}
    </Section>
  );
}

function inWords(user: string, after: Load): string {
  const cases = plural(
    after.handover.get(user) ?? 0,
    "dann # offene Fallübergabe",
    "dann # offene Fallübergaben",
  );
  const orders = after.individual_order.get(user) ?? 0;
  return orders === 0
    ? cases
    : `${cases}, ${plural(orders, "# Einzelauftrag", "# Einzelaufträge")}`;
}

interface PeopleProps {
  title: string;
  rows: readonly ListRow[];
  current: Reading;
}

function People({ title, rows, current }: PeopleProps) {
  const [limit, setLimit] = useState(STEP);
  if (rows.length === 0) return null;
  const rest = rows.length - limit;
  return (
    <Section title={title} aside={formatNumber(rows.length)}>
      <ul class="zz-card zz-rows">
        {rows.slice(0, limit).map((row) => (
          <RowEntry
            key={row.line}
            row={row}
            taken={isTaken(current, row)}
            onTake={(taken) => {
              const decided = { ...current.decided, [row.line]: taken };
              reading.value = { ...current, decided };
            }}
          />
        ))}
      </ul>
      {rest > 0 && (
        <Button look="soft" onClick={() => setLimit(rows.length)}>
          {plural(rest, "# weitere Person zeigen", "# weitere Personen zeigen")}
        </Button>
      )}
    </Section>
  );
}
