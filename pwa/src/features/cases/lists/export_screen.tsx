/** /faelle/ausgeben: the overview as a closed file for the team's folder; there is no open one. */
import { useState } from "preact/hooks";
import { generatePassword } from "../../../platform/passwords";
import { useAction } from "../../../ui/action";
import { Button } from "../../../ui/button";
import { useNow } from "../../../ui/clock";
import { dayOf } from "../../../ui/dates";
import { CheckRow } from "../../../ui/fields";
import { TaskScreen } from "../../../ui/frame";
import { OwnPassword, PasswordKind } from "../../../ui/own_password";
import { Card, Empty, Loading, Note, Section } from "../../../ui/parts";
import { plural } from "../../../ui/words";
import type { ClientCase } from "../model";
import { OlderCases } from "../older_cases";
import { closeContainer } from "./container";
import { filePasswordProblem } from "./file_password";
import { handOut } from "./hand_out";
import {
  casesOf,
  containerName,
  LIST_NAMES,
  LIST_TITLES,
  type ListName,
  overviewTable,
} from "./overview";
import { nameOf, overviewCases } from "./store";

const NAME = "Verschlüsselt ausgeben";

/** What is given out, and the password it is closed with. */
export function ExportScreen() {
  const cases = overviewCases.value;
  return (
    <TaskScreen name={NAME} back="/mehr">
      {cases === null ? <Loading /> : <Export cases={cases} />}
    </TaskScreen>
  );
}

function Export({ cases }: { cases: readonly ClientCase[] }) {
  const today = dayOf(useNow());
  const filled = LIST_NAMES.filter((list) => casesOf(list, cases).length > 0);
  const [without, setWithout] = useState<readonly ListName[]>([]);
  const chosen = filled.filter((list) => !without.includes(list));
  const [given, setGiven] = useState<string | null>(null);
  const closing = useAction(async (password: string) => {
    const sheets = chosen.map((list) => ({
      title: LIST_TITLES[list],
      table: overviewTable(casesOf(list, cases), nameOf),
    }));
    const container = await closeContainer(containerName(today), sheets, password);
    handOut(container);
    setGiven(container.name);
    scrollTo(0, 0);
  });
  if (filled.length === 0) {
    return (
      <Empty icon="people" title="Noch nichts auszugeben">
        <p class="zz-muted">Es gibt weder überstellte noch abgeschlossene Fälle.</p>
      </Empty>
    );
  }
  if (given !== null) return <Given name={given} onAgain={() => setGiven(null)} />;
  return (
    <>
      <OlderCases />
      <Lists cases={cases} filled={filled} without={without} onChange={setWithout} />
      {closing.problem && <Note tone="stop" title={closing.problem} alert />}
      {chosen.length > 0 && <Password busy={closing.busy} onChosen={closing.run} />}
      <Filing />
    </>
  );
}

/** The words are gone from the screen: new ones now might be taken for those of this file. */
function Given({ name, onAgain }: { name: string; onAgain: () => void }) {
  return (
    <>
      <Note tone="ok" title="Verschlüsselte Datei ausgegeben" alert>
        <p class="zz-s">
          Sie heißt {name} und liegt bei den heruntergeladenen Dateien. Sie geht nur mit dem
          Passwort auf, das Sie eben notiert haben.
        </p>
      </Note>
      <Filing />
      <Button kind="secondary" onClick={onAgain}>
        Noch eine Datei ausgeben
      </Button>
    </>
  );
}

interface ListsProps {
  cases: readonly ClientCase[];
  filled: readonly ListName[];
  without: readonly ListName[];
  onChange: (without: readonly ListName[]) => void;
}

function Lists({ cases, filled, without, onChange }: ListsProps) {
  return (
    <Section title="Listen">
      <Card>
        {filled.map((list) => (
          <CheckRow
            key={list}
            name={list}
            checked={!without.includes(list)}
            onChange={(taken) =>
              onChange(taken ? without.filter((one) => one !== list) : [...without, list])
            }
            note={plural(casesOf(list, cases).length, "# Fall", "# Fälle")}
          >
            {LIST_TITLES[list]}
          </CheckRow>
        ))}
      </Card>
      <p class="zz-s zz-muted">
        Mit Name, Geburtsdatum, Kundennummer, Zuständigen und den Tagen der Schritte. Notizen,
        Anschrift und Telefon gehen nicht mit.
      </p>
    </Section>
  );
}

function Filing() {
  return (
    <Note icon="lock" title="Ablage">
      <p class="zz-s">
        Netzlaufwerk des Teams, Ordner der aufsuchenden Beratungsarbeit. Geben Sie das Passwort
        getrennt von der Datei weiter. Am PC öffnet sie zum Beispiel 7‑Zip; der Windows-Explorer
        allein kann diese Verschlüsselung nicht. Löschen Sie die Datei danach auf diesem Telefon.
      </p>
    </Note>
  );
}

interface PasswordProps {
  busy: boolean;
  onChosen: (password: string) => void;
}

function Password({ busy, onChosen }: PasswordProps) {
  const [own, setOwn] = useState(false);
  return (
    <Section title="Passwort der Datei">
      <div class="zz-stack">
        <PasswordKind own={own} onChange={setOwn} />
        {own ? (
          <OwnPassword
            hint="Mindestens 14 Zeichen, ohne Umlaute. Nicht das Passwort dieser App."
            problemOf={filePasswordProblem}
            autocomplete="off"
            name="file-password"
            busy={busy}
            icon="download"
            onChosen={onChosen}
          >
            Datei ausgeben
          </OwnPassword>
        ) : (
          <FiveWords busy={busy} onChosen={onChosen} />
        )}
      </div>
    </Section>
  );
}

/** Shown once: each file gets words of its own. */
function FiveWords({ busy, onChosen }: PasswordProps) {
  const [words, setWords] = useState(generatePassword);
  const [noted, setNoted] = useState(false);
  const renew = () => {
    setWords(generatePassword());
    setNoted(false);
  };
  if (noted) {
    return (
      <>
        <p>Die Wörter werden nicht noch einmal gezeigt und nirgends gespeichert.</p>
        <Button kind="primary" icon="download" busy={busy} onClick={() => onChosen(words)}>
          Datei ausgeben
        </Button>
        <Button kind="tertiary" icon="sync" onClick={renew}>
          Neue Wörter
        </Button>
      </>
    );
  }
  return (
    <>
      <p>Schreiben Sie diese fünf Wörter auf. Ohne sie geht die Datei nicht mehr auf.</p>
      <p class="zz-words" translate={false}>
        {words}
      </p>
      <Button kind="primary" onClick={() => setNoted(true)}>
        Ich habe die Wörter notiert
      </Button>
    </>
  );
}
