/** The first step: which file, with which password, which of its sheets. */
import { useRef, useState } from "preact/hooks";
import { useAction } from "../../../ui/action";
import { Button } from "../../../ui/button";
import { Field, PasswordField, useFocusInvalid } from "../../../ui/fields";
import { CardList, Item, Loading, Note, Section } from "../../../ui/parts";
import { plural } from "../../../ui/words";
import type { Sheet } from "./model";
import { ClosedList, readFile, tooLong, UnreadableList } from "./read_file";
import { beginReading } from "./reading";
import { idsFor, reading } from "./store";

// Phones know some of these by their kind, others by their ending.
const ACCEPTED =
  ".csv,.txt,.tsv,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Reads a file and goes on to its columns; asks when it is closed or has several sheets. */
export function ChooseFile() {
  const file = useRef<File | null>(null);
  const [sheets, setSheets] = useState<Sheet[]>([]);
  const opening = useAction(async (password?: string) => {
    setSheets([]);
    if (!file.current) return;
    const found = await readFile(file.current, password);
    const [only] = found;
    if (only === undefined || found.length > 1) setSheets(found);
    else if (tooLong(only) === null) begin(only);
    else throw new UnreadableList(tooLong(only) ?? "");
  });
  const closed = opening.error instanceof ClosedList;
  return (
    <>
      <p>
        Wählen Sie eine Liste aus Excel (.xlsx) oder als CSV. Sie wird auf diesem Telefon gelesen:
        Lesbar kommt nichts davon zum Server.
      </p>
      <FileField
        onFile={(chosen) => {
          file.current = chosen;
          void opening.run();
        }}
      />
      {opening.busy && <Loading>Die Datei wird gelesen …</Loading>}
      {opening.problem !== null && !closed && (
        <Note tone="stop" title="Das ließ sich nicht einlesen" alert>
          {opening.problem}
        </Note>
      )}
      {closed && (
        <OpenWithPassword problem={opening.problem} busy={opening.busy} onOpen={opening.run} />
      )}
      {sheets.length > 0 && <ChooseSheet sheets={sheets} />}
      <Note icon="info" title="Was in der Liste stehen sollte">
        <p class="zz-s">
          Eine Zeile je Person. Nötig ist nur der Name; Geburtsdatum und Kundennummer helfen, Doppel
          zu erkennen. Wird die App gesperrt, wählen Sie die Datei noch einmal.
        </p>
      </Note>
    </>
  );
}

function begin(sheet: Sheet): void {
  reading.value = beginReading(sheet, idsFor(sheet.rows.length));
  scrollTo(0, 0);
}

function FileField({ onFile }: { onFile: (file: File) => void }) {
  return (
    <Field
      label="Datei"
      control={(wiring) => (
        <input
          {...wiring}
          class="zz-input"
          type="file"
          accept={ACCEPTED}
          autocomplete="off"
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.files?.[0];
            // The same file, mended in Excel, may be chosen again.
            if (chosen) onFile(chosen);
            currentTarget.value = "";
          }}
        />
      )}
    />
  );
}

interface OpenWithPasswordProps {
  problem: string | null;
  busy: boolean;
  onOpen: (password: string) => Promise<boolean>;
}

function OpenWithPassword({ problem, busy, onOpen }: OpenWithPasswordProps) {
  const [password, setPassword] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useFocusInvalid(form, problem);
  return (
    <form
      ref={form}
      class="zz-stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onOpen(password);
      }}
    >
      <PasswordField
        label="Passwort der Datei"
        error={problem}
        value={password}
        onInput={setPassword}
        autocomplete="off"
        name="file-password"
      />
      <Button kind="secondary" type="submit" busy={busy}>
        Datei öffnen
      </Button>
    </form>
  );
}

function ChooseSheet({ sheets }: { sheets: readonly Sheet[] }) {
  return (
    <Section title="Welches Tabellenblatt?">
      <CardList>
        {sheets.map((sheet) => {
          const problem = tooLong(sheet);
          return (
            <Item
              key={sheet.name}
              icon="doc"
              title={sheet.name}
              note={problem ?? plural(sheet.rows.length, "# Zeile", "# Zeilen")}
              onClick={problem === null ? () => begin(sheet) : undefined}
            />
          );
        })}
      </CardList>
    </Section>
  );
}
