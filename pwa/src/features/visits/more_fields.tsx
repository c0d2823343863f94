/** „Weitere Angaben“: everything a contact may hold beyond case, place and result. */
import { CORE_TASKS, TOPICS, WHO_OPENED } from "@sync/codes";
import { Chip, ChipGroup } from "../../ui/chips";
import { formatWall } from "../../ui/dates";
import { CheckRow, More, TextField } from "../../ui/fields";
import { type WrittenProps, WrittenText } from "../../ui/written_text";
import type { ContactForm, ContactProblem } from "./form";
import { TEXT_COLUMNS, TEXT_LABELS, type TextColumn } from "./model";

export interface MoreFieldsProps {
  form: ContactForm;
  today: string;
  problems: readonly ContactProblem[];
  open: boolean;
  onToggle: (open: boolean) => void;
  /** `now` for taps; typing is gathered. */
  onChange: (change: Partial<ContactForm>, now?: boolean) => void;
  /** One of its texts, with what stands beside it. */
  textOf: (column: TextColumn) => WrittenProps;
}

/** The folded part of the form. */
export function MoreFields(props: MoreFieldsProps) {
  const { form, today, open, onToggle } = props;
  const when = form.day === "" ? undefined : formatWall(`${form.day}T${form.time}`, today);
  return (
    <More title="Weitere Angaben" note={when} open={open} onToggle={onToggle}>
      {open && (
        <>
          <When {...props} />
          <Words {...props} />
          <Agreed {...props} />
          <Ticks {...props} />
          <WhoOpened {...props} />
          <Codes
            legend="Themen"
            name="themen"
            catalogue={TOPICS}
            chosen={form.topics}
            onChange={(topics) => props.onChange({ topics }, true)}
          />
          <Codes
            legend="Kernaufgaben"
            name="kernaufgaben"
            catalogue={CORE_TASKS}
            chosen={form.coreTasks}
            onChange={(coreTasks) => props.onChange({ coreTasks }, true)}
          />
        </>
      )}
    </More>
  );
}

function problemOf({ problems }: MoreFieldsProps, field: ContactProblem["field"]): string | null {
  return problems.find((problem) => problem.field === field)?.message ?? null;
}

function When(props: MoreFieldsProps) {
  const { form, today, onChange } = props;
  return (
    <>
      <div class="zz-pairfield">
        <TextField
          label="Datum"
          type="date"
          name="day"
          value={form.day}
          error={problemOf(props, "day")}
          hint={form.day > today ? "Dieser Tag liegt in der Zukunft." : undefined}
          onInput={(day) => onChange({ day })}
        />
        <TextField
          label="Uhrzeit"
          type="time"
          value={form.time}
          onInput={(time) => onChange({ time })}
        />
      </div>
      <TextField
        label="Name des Ortes"
        hint="Zum Beispiel wie das Café heißt"
        value={form.place}
        onInput={(place) => onChange({ place })}
      />
    </>
  );
}

const HINTS: Partial<Record<TextColumn, string>> = {
  observation: "Was Sie gesehen und gehört haben",
  assessment: "Die Person kann diese Notiz später einsehen",
};

function Words({ textOf }: MoreFieldsProps) {
  return (
    <>
      {TEXT_COLUMNS.map((column) => (
        <WrittenText
          key={column}
          {...textOf(column)}
          label={TEXT_LABELS[column]}
          hint={HINTS[column]}
          rows={HINTS[column] ? 3 : 2}
        />
      ))}
    </>
  );
}

function Agreed(props: MoreFieldsProps) {
  const { form, onChange } = props;
  return (
    <div class="zz-pairfield">
      <TextField
        label="Termin vereinbart"
        type="date"
        name="appointmentDay"
        value={form.appointmentDay}
        error={problemOf(props, "appointmentDay")}
        onInput={(appointmentDay) => onChange({ appointmentDay })}
      />
      <TextField
        label="Uhrzeit des Termins"
        type="time"
        value={form.appointmentTime}
        onInput={(appointmentTime) => onChange({ appointmentTime })}
      />
    </div>
  );
}

function Ticks({ form, onChange }: MoreFieldsProps) {
  return (
    <div class="zz-card">
      <CheckRow
        checked={form.returnAnnounced}
        note="Von Anfang an sagen, dass es danach zur bisherigen Ansprechperson zurückgeht"
        onChange={(returnAnnounced) => onChange({ returnAnnounced }, true)}
      >
        Rückkehr zum pAp angesprochen
      </CheckRow>
      <CheckRow
        checked={form.verbisOpen}
        note="Heute erinnert Sie daran, bis Sie es abhaken"
        onChange={(verbisOpen) => onChange({ verbisOpen }, true)}
      >
        In VerBIS nachtragen
      </CheckRow>
    </div>
  );
}

function WhoOpened({ form, onChange }: MoreFieldsProps) {
  const choices = [["", "Keine Angabe"], ...Object.entries(WHO_OPENED)] as [string, string][];
  return (
    <ChipGroup legend="Wer hat geöffnet">
      {choices.map(([code, text]) => (
        <Chip
          key={code}
          name="whoOpened"
          value={code}
          checked={(form.whoOpened ?? "") === code}
          onChange={() => onChange({ whoOpened: code === "" ? null : code }, true)}
        >
          {text}
        </Chip>
      ))}
    </ChipGroup>
  );
}

interface CodesProps {
  legend: string;
  name: string;
  catalogue: Record<string, string>;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Codes({ legend, name, catalogue, chosen, onChange }: CodesProps) {
  return (
    <ChipGroup legend={legend}>
      {Object.entries(catalogue).map(([code, text]) => (
        <Chip
          key={code}
          type="checkbox"
          name={name}
          value={code}
          checked={chosen.includes(code)}
          onChange={(on) => onChange(on ? [...chosen, code] : chosen.filter((one) => one !== code))}
        >
          {text}
        </Chip>
      ))}
    </ChipGroup>
  );
}
