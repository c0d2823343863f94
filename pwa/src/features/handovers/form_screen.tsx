/** „Fall an Vertretung übergeben“: to whom, how long, and what she must know. */
import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { Chip, ChipGroup } from "../../ui/chips";
import { useNow } from "../../ui/clock";
import { dayOf } from "../../ui/dates";
import { TextArea, TextField, useFocusInvalid } from "../../ui/fields";
import { TaskScreen } from "../../ui/frame";
import { Empty, Note } from "../../ui/parts";
import { blankHandover, type HandoverForm, handoverProblems } from "./model";
import { deputies, handOver } from "./store";

const FORM = "uebergabe";

/** /faelle/:id/uebergeben */
export function HandoverScreen({ id = "" }: { id?: string }) {
  const back = `/faelle/${id}`;
  if (deputies.value.length > 0) return <Form caseId={id} back={back} />;
  return (
    <TaskScreen name="Fall an Vertretung übergeben" back={back}>
      <Empty icon="people" title="Niemand kann zurzeit vertreten">
        <p class="zz-muted">
          Vertreten können Personen mit der Rolle Vertretung oder pAp, die im Team aufgenommen sind
          und mit denen Sie die Sicherheitsnummer verglichen haben.
        </p>
        <Button kind="secondary" icon="people" href="/team">
          Zum Team
        </Button>
      </Empty>
    </TaskScreen>
  );
}

function Form({ caseId, back }: { caseId: string; back: string }) {
  const today = dayOf(useNow());
  const { route } = useLocation();
  const [form, setForm] = useState(() => blankHandover(today, deputies.peek()));
  const [tried, setTried] = useState(0);
  const problems = tried > 0 ? handoverProblems(form, today) : {};
  const change = (part: Partial<HandoverForm>) => setForm({ ...form, ...part });
  const saving = useAction(() => handOver(caseId, form));
  const element = useRef<HTMLFormElement>(null);
  useFocusInvalid(element, tried);
  const save = async () => {
    setTried(tried + 1);
    if (Object.keys(handoverProblems(form, today)).length > 0) return;
    if (!(await saving.run())) return;
    say("Fall übergeben", "handover");
    route(back, true);
  };
  return (
    <TaskScreen
      name="Fall an Vertretung übergeben"
      back={back}
      dock={
        <Button kind="primary" type="submit" form={FORM} busy={saving.busy}>
          Übergeben
        </Button>
      }
    >
      <form
        id={FORM}
        ref={element}
        class="zz-stack zz-stack--l"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {saving.problem !== null && <Note tone="stop" title={saving.problem} alert />}
        <ChipGroup legend="Wer vertritt" error={problems.deputy}>
          {deputies.value.map(({ user, name }) => (
            <Chip
              key={user}
              name="deputy"
              value={user}
              checked={form.deputy === user}
              onChange={() => change({ deputy: user })}
            >
              {name}
            </Chip>
          ))}
        </ChipGroup>
        <TextField
          label="Ab"
          type="date"
          value={form.starts}
          error={problems.starts}
          onInput={(starts) => change({ starts })}
        />
        <TextField
          label="Letzter Tag"
          type="date"
          min={form.starts}
          value={form.until}
          error={problems.until}
          onInput={(until) => change({ until })}
        />
        <TextArea
          label="Übergabenotiz"
          hint="Wie erreichen, was steht als Nächstes an, worauf achten?"
          rows={5}
          value={form.note}
          error={problems.note}
          onInput={(note) => change({ note })}
        />
        <Note icon="info">
          Mit dem Fall gehen Name, Erreichbarkeit und Sicherheitshinweis, dazu Tage, Orte und
          Ergebnisse der Kontakte. Beobachtungen und Einschätzungen bleiben bei Ihnen. Nach dem
          letzten Tag verschwindet der Fall von selbst.
        </Note>
      </form>
    </TaskScreen>
  );
}
