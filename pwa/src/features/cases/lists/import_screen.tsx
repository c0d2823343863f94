/** /faelle/einlesen: a list of cases from a file, in three steps, stored whole or not at all. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useAction } from "../../../ui/action";
import { say } from "../../../ui/announce";
import { Button } from "../../../ui/button";
import { useNow } from "../../../ui/clock";
import { dayOf } from "../../../ui/dates";
import { TaskScreen } from "../../../ui/frame";
import { Loading, Note } from "../../../ui/parts";
import { plural } from "../../../ui/words";
import type { ClientCase } from "../model";
import { ChooseColumns } from "./import_columns";
import { ChooseFile } from "./import_file";
import { CheckRows } from "./import_rows";
import { isTaken, knowsNames, type Reading } from "./reading";
import { type ListRow, readRows } from "./rows";
import { loadOf, shareOut } from "./sharing";
import {
  counsellors,
  holdForm,
  overviewCases,
  phaseMonths,
  reading,
  saveCases,
  transferring,
} from "./store";

const NAME = "Liste einlesen";

/** The step that is due. */
export function ImportScreen() {
  const current = reading.value;
  const known = overviewCases.value;
  // Gone for a moment, say to look at a case: the list waits. An update would forget it.
  useEffect(holdForm, []);
  if (known === null) {
    return (
      <TaskScreen name={NAME} back="/mehr">
        <Loading />
      </TaskScreen>
    );
  }
  if (current === null) return <FileStep />;
  return <ReadList current={current} known={known} />;
}

function FileStep() {
  return (
    <TaskScreen name={NAME} back="/mehr" sub="Schritt 1 von 3: die Datei">
      <ChooseFile />
    </TaskScreen>
  );
}

interface ReadListProps {
  current: Reading;
  known: readonly ClientCase[];
}

function ReadList({ current, known }: ReadListProps) {
  const today = dayOf(useNow());
  const { sheet, headingLine, mapping, choices } = current;
  const [months, papList] = [phaseMonths.value, transferring.value];
  const rows = useMemo(
    () =>
      readRows(sheet, headingLine, mapping, choices, {
        today,
        months,
        transferring: papList,
        known,
      }),
    [sheet, headingLine, mapping, choices, today, months, papList, known],
  );
  return current.step === "columns" ? (
    <ColumnsStep current={current} rows={rows} />
  ) : (
    <RowsStep current={current} rows={rows} known={known} />
  );
}

interface StepProps {
  current: Reading;
  rows: readonly ListRow[];
}

function ColumnsStep({ current, rows }: StepProps) {
  const [tried, setTried] = useState(false);
  const problem = whyNot(current, rows);
  const goOn = () => {
    setTried(true);
    if (problem !== null) return;
    reading.value = { ...current, step: "rows" };
    scrollTo(0, 0);
  };
  return (
    <TaskScreen
      name={NAME}
      back="/mehr"
      sub="Schritt 2 von 3: die Spalten"
      focusKey="columns"
      dock={
        <>
          {tried && problem && <Note tone="stop" title={problem} alert />}
          <Button kind="primary" onClick={goOn}>
            Weiter
          </Button>
        </>
      }
    >
      <ChooseColumns current={current} rows={rows} />
    </TaskScreen>
  );
}

function whyNot(current: Reading, rows: readonly ListRow[]): string | null {
  if (!knowsNames(current)) return "Bitte sagen Sie, in welcher Spalte der Name steht.";
  return rows.length === 0 ? "Unter den Überschriften steht niemand." : null;
}

function RowsStep({ current, rows, known }: StepProps & { known: readonly ClientCase[] }) {
  const { route } = useLocation();
  const taken = rows.filter((row) => isTaken(current, row));
  const shares = shareOut(
    taken.map(({ form }) => form.kind),
    loadOf(
      known.filter(({ closed }) => closed === null),
      counsellors.value,
    ),
    current.choices.counsellor,
  );
  const saving = useAction(async () => {
    await saveCases(
      taken.map(({ line, form }, i) => ({
        id: current.ids[line - 1] as string,
        form: { ...form, counsellor: shares.counsellors[i] ?? "" },
      })),
    );
    reading.value = null;
    say(
      plural(
        taken.length,
        "# Fall auf diesem Telefon gespeichert",
        "# Fälle auf diesem Telefon gespeichert",
      ),
      "phone",
    );
    route("/faelle", true);
    scrollTo(0, 0);
  });
  return (
    <TaskScreen
      name={NAME}
      back="/mehr"
      sub="Schritt 3 von 3: die Personen"
      focusKey="rows"
      dock={
        <>
          {saving.problem !== null && (
            <Note tone="stop" title="Noch kein Fall gespeichert" alert>
              {saving.problem}
            </Note>
          )}
          <Button
            kind="primary"
            busy={saving.busy}
            disabled={taken.length === 0}
            onClick={() => void saving.run()}
          >
            {saving.busy
              ? "Wird versiegelt und gespeichert …"
              : plural(taken.length, "# Fall speichern", "# Fälle speichern")}
          </Button>
        </>
      }
    >
      <CheckRows current={current} rows={rows} known={known} after={shares.after} />
    </TaskScreen>
  );
}
