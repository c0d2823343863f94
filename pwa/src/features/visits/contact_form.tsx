/** „Kontakt festhalten“: the main job, five taps from Heute, four from a case. */
import { OUTCOMES, PLACE_KINDS } from "@sync/codes";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { reportTrouble } from "../../platform/problems";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { ActionChip, Chip, ChipGroup } from "../../ui/chips";
import { useNow } from "../../ui/clock";
import { dayOf, formatWall, withinPhrase } from "../../ui/dates";
import { CheckRow } from "../../ui/fields";
import { TaskScreen } from "../../ui/frame";
import { Empty, Loading, Note } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { type DraftForm, useDraft } from "../../ui/use_draft";
import { isBeside, withWritten, writtenIn } from "../../ui/written";
import { BesideNote, type WrittenProps } from "../../ui/written_text";
import { CaseChips, CaseSheet, Who } from "./case_choice";
import { type ContactForm, type ContactProblem, contactProblems, holdsMore } from "./form";
import {
  chipCodes,
  OUTCOMES_FIRST,
  PLACES_FIRST,
  TEXT_COLUMNS,
  TEXT_LABELS,
  type TextColumn,
} from "./model";
import { MoreFields } from "./more_fields";
import {
  type ContactDraft,
  caseUse,
  choiceById,
  choices,
  contactDrafts,
  DRAFT_VERSION,
  hasCases,
  layAside,
  livingTexts,
  nameOf,
  openAhead,
  saveContact,
} from "./store";

const FORM = "kontakt";

export interface ContactFormProps {
  /** What the form is called; an edit says so. */
  name: string;
  draftKey: string;
  back: string;
  /** A contact is changed that was recorded before: everything about it lies open. */
  edits?: boolean | undefined;
  /** The draft was laid aside before: its place is no other draft's. */
  aside?: boolean | undefined;
  /** The form without a draft. */
  blank: () => ContactDraft;
  /** What is to be done once the contact is saved; nobody waits for it. */
  onSaved?: (() => Promise<void>) | undefined;
}

/** The form as a screen of its own; it opens where it was left. */
export function ContactFormScreen(props: ContactFormProps) {
  const draft = useDraft<ContactDraft>(props.draftKey, DRAFT_VERSION, contactDrafts, props.blank);
  if (draft.value === null || choices.value === null || caseUse.value === null) {
    return (
      <TaskScreen name={props.name} back={props.back} tight>
        <Loading />
      </TaskScreen>
    );
  }
  if (choices.value.length === 0) return <NoCases {...props} />;
  return <OpenForm key={draft.value.id} {...props} draft={draft} value={draft.value} />;
}

function NoCases({ name, back }: ContactFormProps) {
  if (!hasCases.value) {
    return (
      <TaskScreen name={name} back={back}>
        <Empty icon="handover" title="Ihnen ist zurzeit kein Fall übergeben">
          <p class="zz-muted">
            Ein Kontakt gehört immer zu einem Fall. Eine Schnellnotiz bleibt bis dahin auf Heute.
          </p>
        </Empty>
      </TaskScreen>
    );
  }
  return (
    <TaskScreen
      name={name}
      back={back}
      dock={
        <Button kind="primary" icon="personplus" href="/faelle/neu">
          Fall anlegen
        </Button>
      }
    >
      <Empty icon="people" title="Auf diesem Telefon ist noch kein Fall">
        <p class="zz-muted">
          Ein Kontakt gehört immer zu einem Fall. Legen Sie ihn zuerst an: Nötig ist nur ein Name.
        </p>
      </Empty>
    </TaskScreen>
  );
}

type OpenProps = ContactFormProps & { draft: DraftForm<ContactDraft>; value: ContactDraft };

function OpenForm(props: OpenProps) {
  const { draft, value } = props;
  const today = dayOf(useNow());
  const form = useRef<HTMLFormElement>(null);
  // What was written before, into a draft or a quick note, must not lie hidden.
  const [more, setMore] = useState(props.edits || holdsMore(value.form, value.before));
  const [searching, setSearching] = useState(false);
  const saving = useSaving(props, form, setMore);
  const { caseId } = value.form;
  useEffect(() => {
    if (caseId !== null) openAhead(caseId);
  }, [caseId]);
  const change = (part: Partial<ContactForm>, now = true) =>
    draft.change({ ...value, form: { ...value.form, ...part } }, now);
  const living = livingTexts(value.id);
  const textOf = (column: TextColumn): WrittenProps => ({
    written: writtenIn(value, column, column),
    living: living[column] ?? [],
    nameOf,
    onWrite: (next, now) => draft.change(withWritten(value, column, column, next), now),
  });
  const beside = TEXT_COLUMNS.filter((column) =>
    isBeside(living[column] ?? [], value.base[column] ?? []),
  );
  const problemOf = (field: ContactProblem["field"]) =>
    saving.problems.find((problem) => problem.field === field)?.message ?? null;
  return (
    <TaskScreen
      name={props.name}
      back={props.back}
      tight
      sub={value.before === null ? undefined : <Whose caseId={caseId ?? ""} />}
      dock={
        <>
          <NotSaved failure={saving.failure} />
          <Button kind="primary" type="submit" form={FORM} busy={saving.busy}>
            Speichern
          </Button>
        </>
      }
    >
      <form id={FORM} ref={form} class="zz-form" noValidate onSubmit={saving.submit}>
        <Warnings failed={draft.failed} beside={beside} />
        {draft.restored && <Resumed {...props} today={today} />}
        {value.before === null && (
          <CaseChips
            value={value.form.caseId}
            error={problemOf("caseId")}
            onChange={(caseId) => change({ caseId })}
            onSearch={() => setSearching(true)}
          />
        )}
        <Place form={value.form} problemOf={problemOf} onChange={change} />
        <Outcome form={value.form} problemOf={problemOf} onChange={change} />
        <MoreFields
          form={value.form}
          today={today}
          problems={saving.problems}
          open={more || beside.length > 0}
          onToggle={setMore}
          onChange={(part, now = false) => change(part, now)}
          textOf={textOf}
        />
        {draft.kept && <Discard draft={draft} />}
      </form>
      <CaseSheet
        open={searching}
        onClose={() => setSearching(false)}
        onChoose={(caseId) => {
          setSearching(false);
          change({ caseId });
        }}
      />
    </TaskScreen>
  );
}

/** Whom the form is about, where no chips say it. */
function Whose({ caseId }: { caseId: string }) {
  return (
    <a class="zz-link" href={`/faelle/${caseId}`}>
      <Who choice={choiceById.value.get(caseId)} />
    </a>
  );
}

/** What was begun before names its person and time first: neither was chosen just now. */
function Resumed({ draft, value, today, aside }: OpenProps & { today: string }) {
  const { caseId, day, time } = value.form;
  const words = TEXT_COLUMNS.map((column) => value.form[column]).find((text) => text !== "");
  const begin = useAction(async () => {
    await layAside(value);
    await draft.discard();
    say("Der Entwurf liegt auf Heute", "edit");
  });
  return (
    <Note
      tone="wait"
      title={
        <>
          Sie schreiben einen Entwurf weiter
          {caseId !== null && (
            <>
              : <Who choice={choiceById.value.get(caseId)} />
            </>
          )}
        </>
      }
    >
      {day !== "" && <p>Zeit des Kontakts: {withinPhrase(formatWall(`${day}T${time}`, today))}</p>}
      {words && <p class="zz-clip">„{words}“</p>}
      {begin.problem !== null && <p role="alert">{begin.problem}</p>}
      {!aside && value.before === null && (
        <Button kind="secondary" busy={begin.busy} onClick={() => void begin.run()}>
          Neu beginnen
        </Button>
      )}
    </Note>
  );
}

/** Checks, saves, and says what is missing; the form stays as it is until all is written. */
function useSaving(
  { value, draft, onSaved }: OpenProps,
  form: { current: HTMLFormElement | null },
  openMore: (open: boolean) => void,
) {
  const { route } = useLocation();
  const [tried, setTried] = useState(false);
  const saving = useAction(async () => {
    // Should the app be killed in the middle, the draft tells what was saved from what came later.
    if (value.before === null) draft.change({ ...value, handed: value.handed ?? value.form }, true);
    await saveContact(value);
    // The contact is safe: nobody waits for its draft to go. One that stays is known by its id.
    draft.end().then(onSaved).catch(reportTrouble);
  });
  const save = async () => {
    if (!(await saving.run())) return;
    route(`/faelle/${value.form.caseId}`, true);
    scrollTo(0, 0);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const [first] = contactProblems(value.form);
    setTried(true);
    if (first === undefined) void save();
    else showField(form.current, first.field, openMore);
  };
  const problems = tried ? contactProblems(value.form) : [];
  return { submit, busy: saving.busy, failure: saving.problem, problems };
}

const INSIDE_MORE: readonly string[] = ["day", "appointmentDay"];

/** Takes the person to the field that is missing, unfolding it when it is folded away. */
function showField(form: HTMLFormElement | null, field: string, openMore: (open: boolean) => void) {
  const focus = () => {
    const target =
      form?.querySelector<HTMLElement>(`[name="${field}"]`) ??
      form?.querySelector<HTMLElement>("fieldset button");
    target?.focus();
  };
  if (!INSIDE_MORE.includes(field)) return focus();
  openMore(true);
  requestAnimationFrame(focus);
}

/** In the dock, where it is seen wherever the form is scrolled to. */
function NotSaved({ failure }: { failure: string | null }) {
  if (failure === null) return null;
  return (
    <Note tone="stop" title="Noch nicht gespeichert" alert>
      {failure} Ihre Angaben stehen weiter hier.
    </Note>
  );
}

interface WarningsProps {
  failed: boolean;
  /** The texts of which several versions stand here. */
  beside: readonly TextColumn[];
}

function Warnings({ failed, beside }: WarningsProps) {
  return (
    <>
      {failed && (
        <Note tone="wait" title="Der Entwurf lässt sich gerade nicht sichern" alert>
          Bitte speichern Sie den Kontakt, bevor Sie die App verlassen.
        </Note>
      )}
      <BesideNote labels={beside.map((column) => TEXT_LABELS[column])} />
    </>
  );
}

interface QuestionProps {
  form: ContactForm;
  problemOf: (field: ContactProblem["field"]) => string | null;
  onChange: (change: Partial<ContactForm>) => void;
}

function Place({ form, problemOf, onChange }: QuestionProps) {
  return (
    <>
      <CodeChips
        legend="Ort"
        name="placeKind"
        others="Weitere Orte"
        catalogue={PLACE_KINDS}
        first={PLACES_FIRST}
        value={form.placeKind}
        error={problemOf("placeKind")}
        onChange={(placeKind) => onChange({ placeKind })}
      />
      {form.placeKind === "in_flat" && (
        <div class="zz-card">
          <CheckRow
            name="letIn"
            checked={form.letIn}
            note={problemOf("letIn") && <span class="zz-error">{problemOf("letIn")}</span>}
            onChange={(letIn) => onChange({ letIn })}
          >
            freiwillig eingelassen
          </CheckRow>
        </div>
      )}
    </>
  );
}

function Outcome({ form, problemOf, onChange }: QuestionProps) {
  return (
    <CodeChips
      legend="Ergebnis"
      name="outcome"
      others="Weitere Ergebnisse"
      catalogue={OUTCOMES}
      first={OUTCOMES_FIRST}
      value={form.outcome}
      error={problemOf("outcome")}
      onChange={(outcome) => onChange({ outcome })}
    />
  );
}

interface CodeChipsProps {
  legend: string;
  name: string;
  /** The chip behind which the rarer ones lie. */
  others: string;
  catalogue: Record<string, string>;
  first: readonly string[];
  value: string | null;
  error: string | null;
  onChange: (code: string) => void;
}

function CodeChips(props: CodeChipsProps) {
  const [all, setAll] = useState(false);
  const { first, rest } = chipCodes(props.catalogue, props.first);
  const shown = all
    ? [...first, ...rest]
    : [...first, ...rest.filter((code) => code === props.value)];
  return (
    <ChipGroup legend={props.legend} error={props.error}>
      {shown.map((code) => (
        <Chip
          key={code}
          name={props.name}
          value={code}
          checked={props.value === code}
          onChange={() => props.onChange(code)}
        >
          {props.catalogue[code]}
        </Chip>
      ))}
      <ActionChip expanded={all} onClick={() => setAll(!all)}>
        {all ? props.others.replace("Weitere", "Weniger") : props.others}
      </ActionChip>
    </ChipGroup>
  );
}

/** The only way to lose a draft. */
function Discard({ draft }: { draft: DraftForm<ContactDraft> }) {
  const [asking, setAsking] = useState(false);
  const discard = () => {
    setAsking(false);
    draft.discard().then(() => say("Entwurf verworfen", "trash"), reportTrouble);
  };
  return (
    <>
      <Button kind="tertiary" onClick={() => setAsking(true)}>
        Entwurf verwerfen
      </Button>
      <Confirm
        open={asking}
        title="Entwurf verwerfen?"
        action="Entwurf verwerfen"
        cancel="Weiterschreiben"
        destroys
        onConfirm={discard}
        onClose={() => setAsking(false)}
      >
        <p>Was Sie hier eingetragen haben, geht verloren.</p>
      </Confirm>
    </>
  );
}
