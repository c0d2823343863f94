/** „Fall anlegen“ and „Fall bearbeiten“: only a name is needed, everything else may follow. */
import { TARGET_GROUPS } from "@sync/codes";
import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { reportTrouble } from "../../platform/problems";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf } from "../../ui/dates";
import { More, Select, TextArea, TextField } from "../../ui/fields";
import { TaskScreen } from "../../ui/frame";
import { Empty, Loading, Note } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { type DraftForm, useDraft } from "../../ui/use_draft";
import { openedFrom } from "../../ui/way_back";
import { isBeside, withWritten, writtenIn } from "../../ui/written";
import { BesideNote, type WrittenProps, WrittenText } from "../../ui/written_text";
import { caseKey } from "./draft_keys";
import {
  blankCase,
  type CaseField,
  type CaseForm,
  COLUMNS,
  caseForm,
  caseProblems,
  changeCase,
  TEXT_FIELDS,
  type TextField as WordsField,
} from "./form";
import { COLUMN_LABELS } from "./history";
import { KindChoice } from "./kind_choice";
import { ageHint } from "./model";
import {
  type CaseDraft,
  caseDrafts,
  DRAFT_VERSION,
  livingTexts,
  me,
  nameOf,
  newCaseDraft,
  people,
  phaseMonths,
  readCase,
  saveCase,
} from "./store";

const FORM = "fall";

/** /faelle/neu */
export function NewCaseScreen() {
  return (
    <CaseFormScreen
      name="Fall anlegen"
      draftKey={caseKey(null)}
      back={openedFrom("/faelle")}
      blank={() => newCaseDraft(blankCase(me.value))}
    />
  );
}

/** /faelle/:id/bearbeiten */
export function EditCaseScreen({ id = "" }: { id?: string }) {
  const item = readCase(id);
  const back = `/faelle/${id}`;
  if (!item) {
    return (
      <TaskScreen name="Fall bearbeiten" back={back}>
        {item === null ? (
          <Loading />
        ) : (
          <Empty icon="search" title="Diesen Fall gibt es hier nicht" />
        )}
      </TaskScreen>
    );
  }
  return (
    <CaseFormScreen
      key={id}
      name="Fall bearbeiten"
      draftKey={caseKey(id)}
      back={back}
      blank={() => ({ id, form: caseForm(item), before: caseForm(item), base: item.base })}
    />
  );
}

interface CaseFormScreenProps {
  name: string;
  draftKey: string;
  back: string;
  blank: () => CaseDraft;
}

function CaseFormScreen(props: CaseFormScreenProps) {
  const draft = useDraft<CaseDraft>(props.draftKey, DRAFT_VERSION, caseDrafts, props.blank);
  if (draft.value === null) {
    return (
      <TaskScreen name={props.name} back={props.back}>
        <Loading />
      </TaskScreen>
    );
  }
  return <OpenForm {...props} draft={draft} value={draft.value} />;
}

type OpenProps = CaseFormScreenProps & { draft: DraftForm<CaseDraft>; value: CaseDraft };

function OpenForm(props: OpenProps) {
  const { draft, value } = props;
  const today = dayOf(useNow());
  const form = useRef<HTMLFormElement>(null);
  const saving = useSaving(props, today, form);
  const living = livingTexts(value.id);
  const livingOf = (field: WordsField) => living[COLUMNS[field]] ?? [];
  const beside = TEXT_FIELDS.filter((field) =>
    isBeside(livingOf(field), value.base[COLUMNS[field]] ?? []),
  );
  const fields: FieldsProps = {
    form: value.form,
    today,
    problemOf: (field) =>
      saving.problems.find((problem) => problem.field === field)?.message ?? null,
    onChange: (change, now = false) =>
      draft.change({ ...value, form: changeCase(value.form, change, phaseMonths.value) }, now),
    textOf: (field) => ({
      label: labelOf(field),
      written: writtenIn(value, COLUMNS[field], field),
      living: livingOf(field),
      nameOf,
      onWrite: (next, now) => draft.change(withWritten(value, COLUMNS[field], field, next), now),
    }),
  };
  return (
    <TaskScreen
      name={props.name}
      back={props.back}
      sub={draft.restored ? "Entwurf" : undefined}
      dock={
        <>
          {saving.failure !== null && (
            <Note tone="stop" title="Noch nicht gespeichert" alert>
              {saving.failure} Ihre Angaben stehen weiter hier.
            </Note>
          )}
          <Button kind="primary" type="submit" form={FORM} busy={saving.busy}>
            Speichern
          </Button>
        </>
      }
    >
      <form id={FORM} ref={form} class="zz-form" noValidate onSubmit={saving.submit}>
        {draft.failed && (
          <Note tone="wait" title="Der Entwurf lässt sich gerade nicht sichern" alert>
            Bitte speichern Sie den Fall, bevor Sie die App verlassen.
          </Note>
        )}
        <BesideNote labels={beside.map(labelOf)} />
        <MainFields {...fields} fixedKind={value.before !== null} />
        <Phase {...fields} />
        <More title="Weitere Angaben" open={saving.unfold}>
          <MoreFields {...fields} />
        </More>
        {value.before === null && (
          <p class="zz-s">
            Viele Fälle auf einmal?{" "}
            <a class="zz-link" href="/faelle/einlesen">
              Liste einlesen
            </a>
          </p>
        )}
        {draft.kept && <Discard draft={draft} />}
      </form>
    </TaskScreen>
  );
}

function useSaving(
  { value, draft }: OpenProps,
  today: string,
  form: { current: HTMLFormElement | null },
) {
  const { route } = useLocation();
  const [tried, setTried] = useState(false);
  const saving = useAction(async () => {
    // Should the app be killed in the middle, the draft tells what was saved from what came later.
    if (value.before === null) draft.change({ ...value, handed: value.handed ?? value.form }, true);
    await saveCase(value);
    // The case is safe: nobody waits for its draft to go. One that stays is known by its id.
    draft.end().catch(reportTrouble);
  });
  const save = async () => {
    if (!(await saving.run())) return;
    route(`/faelle/${value.id}`, true);
    scrollTo(0, 0);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    const [first] = caseProblems(value.form, today);
    if (first === undefined) void save();
    else form.current?.querySelector<HTMLElement>(`[name="${first.field}"]`)?.focus();
  };
  const problems = tried ? caseProblems(value.form, today) : [];
  const unfold = value.before !== null;
  return { submit, busy: saving.busy, failure: saving.problem, problems, unfold };
}

interface FieldsProps {
  form: CaseForm;
  today: string;
  problemOf: (field: CaseField) => string | null;
  /** `now` for taps; typing is gathered. */
  onChange: (change: Partial<CaseForm>, now?: boolean) => void;
  /** One of its texts, with what stands beside it. */
  textOf: (field: WordsField) => WrittenProps & { label: string };
}

const labelOf = (field: WordsField): string => COLUMN_LABELS[COLUMNS[field]] ?? field;

function MainFields({
  form,
  today,
  problemOf,
  onChange,
  fixedKind,
}: FieldsProps & { fixedKind: boolean }) {
  const hint = ageHint(form.dateOfBirth, today, form.activationLimit || null);
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={form.name}
        error={problemOf("name")}
        capitalize="words"
        onInput={(name) => onChange({ name })}
      />
      {!fixedKind && <KindChoice kind={form.kind} onChange={(kind) => onChange({ kind }, true)} />}
      <TextField
        label="Geburtsdatum"
        name="dateOfBirth"
        type="date"
        max={today}
        value={form.dateOfBirth}
        error={problemOf("dateOfBirth")}
        onInput={(dateOfBirth) => onChange({ dateOfBirth })}
      />
      {hint && <Note icon="info">{hint}</Note>}
      <TextField
        label="Telefon"
        type="tel"
        value={form.phone}
        onInput={(phone) => onChange({ phone })}
      />
      <TextArea
        label="Anschrift"
        rows={2}
        value={form.address}
        onInput={(address) => onChange({ address })}
      />
      <TextField
        label="Kundennummer"
        value={form.clientNumber}
        capitalize="none"
        onInput={(clientNumber) => onChange({ clientNumber })}
      />
    </>
  );
}

function Phase({ form, problemOf, onChange }: FieldsProps) {
  const order = form.kind === "individual_order";
  return (
    <>
      <TextField
        label={order ? "Angenommen am" : "Übergabe am"}
        name="handedOver"
        type="date"
        hint={order ? undefined : "Leer lassen, solange das Übergabegespräch aussteht"}
        value={form.handedOver}
        error={problemOf("handedOver")}
        onInput={(handedOver) => onChange({ handedOver })}
      />
      {!order && (
        <TextField
          label="Aktivierung bis"
          name="activationLimit"
          type="date"
          hint="Vorschlag: sechs Monate ab der Übergabe"
          value={form.activationLimit}
          error={problemOf("activationLimit")}
          onInput={(activationLimit) => onChange({ activationLimit })}
        />
      )}
    </>
  );
}

function MoreFields({ form, onChange, textOf }: FieldsProps) {
  const counsellors = people.value.filter((one) => one.role === "ab_pap");
  const transferring = people.value.filter((one) => one.role === "pap" || one.role === "deputy");
  const options = (list: typeof counsellors) => [
    { value: "", label: "Keine Angabe" },
    ...list.map((one) => ({ value: one.user, label: one.name })),
  ];
  return (
    <>
      <TextField
        label="Erreichbar über"
        hint="Zum Beispiel: abends, über die Schwester, im Jugendzentrum"
        value={form.reachVia}
        onInput={(reachVia) => onChange({ reachVia })}
      />
      <Select
        label="Zuständig"
        value={form.counsellor}
        options={options(counsellors)}
        onChange={(counsellor) => onChange({ counsellor }, true)}
      />
      <Select
        label={COLUMN_LABELS.transferring_counsellor}
        value={form.transferringCounsellor}
        options={options(transferring)}
        onChange={(transferringCounsellor) => onChange({ transferringCounsellor }, true)}
      />
      <Select
        label="Zielgruppe"
        value={form.targetGroup}
        options={[
          { value: "", label: "Keine Angabe" },
          ...Object.entries(TARGET_GROUPS).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(targetGroup) => onChange({ targetGroup }, true)}
      />
      <Words form={form} onChange={onChange} textOf={textOf} />
    </>
  );
}

function Words({ form, onChange, textOf }: Pick<FieldsProps, "form" | "onChange" | "textOf">) {
  return (
    <>
      <WrittenText
        {...textOf("targetDetail")}
        rows={2}
        hint="Keine Diagnosen, wenn sie nicht nötig sind"
      />
      <WrittenText {...textOf("situation")} hint="Die Person kann diese Notiz später einsehen" />
      <WrittenText {...textOf("wishes")} />
      <TextArea
        label="Sicherheitshinweis"
        rows={2}
        hint="Was beide vor der Tür wissen müssen"
        value={form.hazard}
        onInput={(hazard) => onChange({ hazard })}
      />
    </>
  );
}

/** The only way to lose a draft. */
function Discard({ draft }: { draft: DraftForm<CaseDraft> }) {
  const [asking, setAsking] = useState(false);
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
        onConfirm={() => {
          setAsking(false);
          draft.discard().then(() => say("Entwurf verworfen", "trash"), reportTrouble);
        }}
        onClose={() => setAsking(false)}
      >
        <p>Was Sie hier eingetragen haben, geht verloren.</p>
      </Confirm>
    </>
  );
}
