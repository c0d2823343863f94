/** The second step: what the columns say, and what is asked once for the whole list. */
import { TARGET_GROUPS } from "@sync/codes";
import { Button } from "../../../ui/button";
import { Chip, ChipGroup } from "../../../ui/chips";
import { More, Select, TextField } from "../../../ui/fields";
import { Card, Note, Section } from "../../../ui/parts";
import { KindChoice } from "../kind_choice";
import { HEADING_LINES } from "./headings";
import { type Choices, FIELD_LABELS, FIELDS, type ListField } from "./model";
import { columnOptions, type Reading, withColumn, withHeadings } from "./reading";
import { PersonLines } from "./row_entry";
import type { ListRow } from "./rows";
import { reading, transferring } from "./store";

const ALWAYS_SHOWN: readonly ListField[] = ["dateOfBirth", "clientNumber"];
const SHOWN_AS_STORED = 3;

interface ChooseColumnsProps {
  current: Reading;
  rows: readonly ListRow[];
}

/** Headings, columns, choices and the first people as they will be stored. */
export function ChooseColumns({ current, rows }: ChooseColumnsProps) {
  return (
    <>
      {current.headingLine < 0 && (
        <Note tone="wait" title="Keine Überschriften erkannt">
          Bitte sagen Sie, in welcher Spalte was steht.
        </Note>
      )}
      <Columns current={current} />
      <Stored rows={rows} />
      <ForAll current={current} />
      <Button kind="tertiary" onClick={() => (reading.value = null)}>
        Andere Datei wählen
      </Button>
    </>
  );
}

function Columns({ current }: { current: Reading }) {
  const { mapping } = current;
  const named = mapping.lastName !== undefined || mapping.firstName !== undefined;
  const shown = (field: ListField): boolean =>
    mapping[field] !== undefined || ALWAYS_SHOWN.includes(field) || (field === "name" && !named);
  const rest = FIELDS.filter((field) => !shown(field));
  const options = columnOptions(current);
  return (
    <Section title="Spalten">
      <div class="zz-form">
        <HeadingLine current={current} />
        {FIELDS.filter(shown).map((field) => (
          <Column key={field} field={field} current={current} options={options} />
        ))}
        {rest.length > 0 && (
          <More title="Weitere Spalten" note={rest.map((field) => FIELD_LABELS[field]).join(", ")}>
            {rest.map((field) => (
              <Column key={field} field={field} current={current} options={options} />
            ))}
          </More>
        )}
      </div>
    </Section>
  );
}

function HeadingLine({ current }: { current: Reading }) {
  const lines = Math.min(HEADING_LINES, current.sheet.rows.length);
  return (
    <Select
      label="Überschriften"
      value={String(current.headingLine)}
      options={[
        { value: "-1", label: "Keine" },
        ...Array.from({ length: lines }, (_, i) => ({ value: String(i), label: `Zeile ${i + 1}` })),
      ]}
      onChange={(value) => {
        reading.value = withHeadings(current, Number(value));
      }}
    />
  );
}

interface ColumnProps {
  field: ListField;
  current: Reading;
  options: ReturnType<typeof columnOptions>;
}

function Column({ field, current, options }: ColumnProps) {
  return (
    <Select
      label={FIELD_LABELS[field]}
      value={String(current.mapping[field] ?? -1)}
      options={options}
      onChange={(value) => {
        reading.value = withColumn(current, field, Number(value));
      }}
    />
  );
}

function Stored({ rows }: { rows: readonly ListRow[] }) {
  const first = rows.slice(0, SHOWN_AS_STORED);
  if (first.length === 0) return null;
  return (
    <Section title="So werden die ersten gespeichert">
      <ul class="zz-card zz-rows">
        {first.map((row) => (
          <li key={row.line} class="zz-item">
            <PersonLines row={row} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ForAll({ current }: { current: Reading }) {
  const { choices } = current;
  const change = (part: Partial<Choices>) => {
    reading.value = { ...current, choices: { ...choices, ...part } };
  };
  return (
    <Section title="Für alle, bei denen die Liste nichts sagt">
      <Card pad>
        <div class="zz-form">
          <StateOfAll choices={choices} change={change} />
          <KindChoice kind={choices.kind} onChange={(kind) => change({ kind })} />
          <RestOfAll choices={choices} change={change} />
        </div>
      </Card>
    </Section>
  );
}

interface ChoiceProps {
  choices: Choices;
  change: (part: Partial<Choices>) => void;
}

function StateOfAll({ choices, change }: ChoiceProps) {
  return (
    <>
      <ChipGroup legend="Stand der ganzen Liste">
        <Chip
          name="state"
          value="handing_over"
          checked={choices.state === "handing_over"}
          onChange={() => change({ state: "handing_over" })}
        >
          In Übergabe
        </Chip>
        <Chip
          name="state"
          value="handed_over"
          checked={choices.state === "handed_over"}
          onChange={() => change({ state: "handed_over" })}
        >
          Überstellt
        </Chip>
      </ChipGroup>
      {choices.state === "handing_over" ? (
        <p class="zz-s zz-muted">
          Das Übergabegespräch steht noch aus. Ein Tag der Übergabe aus der Liste zählt dann nicht.
        </p>
      ) : (
        <TextField
          label="Übergabe am"
          type="date"
          hint="Das Übergabegespräch hat stattgefunden. Die Aktivierungsphase wird ab diesem Tag gerechnet."
          value={choices.handedOver}
          onInput={(handedOver) => change({ handedOver })}
        />
      )}
    </>
  );
}

function RestOfAll({ choices, change }: ChoiceProps) {
  const none = { value: "", label: "Keine Angabe" };
  return (
    <>
      <Select
        label="Zielgruppe für alle"
        value={choices.targetGroup}
        options={[
          none,
          ...Object.entries(TARGET_GROUPS).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(targetGroup) => change({ targetGroup })}
      />
      <Select
        label="pAp für alle"
        value={choices.transferring}
        options={[
          none,
          ...transferring.value.map(({ user, name }) => ({ value: user, label: name })),
        ]}
        onChange={(user) => change({ transferring: user })}
      />
    </>
  );
}
