/** „Späte Einträge“: what came too late or from a locked phone, for an aB-pAp to decide about. */
import { useState } from "preact/hooks";
import { UNREADABLE } from "../../platform/entry";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { formatMoment } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { Card, Empty, Fact, Facts, Loading, Note, Section } from "../../ui/parts";
import { ConfirmDiscard } from "../../ui/sheet";
import { decide, type HeldWork, lateWork, nameOf } from "./store";
import { meaningOf, shownValue } from "./words";

/** /spaete-eintraege */
export function LateWorkScreen() {
  const now = useNow();
  const all = lateWork.value;
  return (
    <TaskScreen name="Späte Einträge" back="/heute">
      {all === null && <Loading />}
      {all?.length === 0 && (
        <Empty icon="check" title="Es wartet nichts auf Ihre Entscheidung">
          <p class="zz-muted">
            Sendet eine Vertretung etwas nach ihrem letzten Tag, oder gibt ein gesperrtes Telefon
            ab, was es noch hatte, sehen Sie es hier.
          </p>
        </Empty>
      )}
      {all?.map((work) => (
        <Work key={work.row} work={work} now={now} />
      ))}
    </TaskScreen>
  );
}

function Work({ work, now }: { work: HeldWork; now: number }) {
  const [asking, setAsking] = useState(false);
  const releasing = useAction(async () => {
    await decide(work.row, "released");
    say("Eintrag übernommen", "check");
  });
  const discarding = useAction(async () => {
    await decide(work.row, "discarded");
    say("Eintrag verworfen", "trash");
  });
  const problem = releasing.problem ?? discarding.problem;
  const author = nameOf(work.author);
  return (
    <Section title={`Von ${author}`} aside={formatMoment(work.receivedAt, now)}>
      <Card pad>
        <div class="zz-stack">
          <Facts>
            {factsOf(work).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
          <a class="zz-link" href={`/faelle/${work.caseId}`}>
            Zum Fall
          </a>
          {problem !== null && <Note tone="stop" title={problem} alert />}
          <div class="zz-item__do">
            <Button kind="secondary" busy={discarding.busy} onClick={() => setAsking(true)}>
              Verwerfen
            </Button>
            <Button kind="primary" busy={releasing.busy} onClick={() => void releasing.run()}>
              Übernehmen
            </Button>
          </div>
        </div>
      </Card>
      <ConfirmDiscard
        open={asking}
        onClose={() => setAsking(false)}
        onDiscard={() => void discarding.run()}
      >
        <p>Der Eintrag von {author} kommt dann nicht in den Fall.</p>
      </ConfirmDiscard>
    </Section>
  );
}

function factsOf({ table, values }: HeldWork): [string, string][] {
  return Object.entries(values).flatMap(([column, value]): [string, string][] => {
    if (column === "case" || value === null) return [];
    const text = value === UNREADABLE ? "Auf diesem Gerät nicht lesbar" : shownValue(column, value);
    return [[meaningOf(table, column), text]];
  });
}
