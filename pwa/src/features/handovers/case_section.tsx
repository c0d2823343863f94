/** „Vertretung“ in a case: to whom it is handed, until when, and the way to do or end it. */
import { useState } from "preact/hooks";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf, formatDay } from "../../ui/dates";
import { Card, CardList, Item, Note, Section } from "../../ui/parts";
import { Confirm } from "../../ui/sheet";
import { current, dayBefore, type Handover, standing } from "./model";
import { endHandover, handoversOf, mayHandOver, nameOf } from "./store";

/** The section handovers lend to a case. */
export function Handovers({ caseId }: { caseId: string }) {
  const today = dayOf(useNow());
  const all = handoversOf(caseId);
  if (all === null) return null;
  const open = current(all, today);
  const mine = mayHandOver.value;
  if (open.length === 0 && !mine) return null;
  return (
    <Section title="Vertretung">
      {open.map((one) => (
        <One key={one.id} handover={one} today={today} mayEnd={mine} />
      ))}
      {mine && (
        <CardList>
          <Item
            icon="handover"
            title="Fall an Vertretung übergeben"
            note={open.length === 0 ? "Für eine Zeit, nur dieser Fall" : "Noch jemandem übergeben"}
            href={`/faelle/${caseId}/uebergeben`}
          />
        </CardList>
      )}
    </Section>
  );
}

interface OneProps {
  handover: Handover;
  today: string;
  mayEnd: boolean;
}

function One({ handover, today, mayEnd }: OneProps) {
  const [asking, setAsking] = useState(false);
  const ending = useAction(() => endHandover(handover.id, dayBefore(today)));
  const name = nameOf(handover.deputy);
  return (
    <Card pad>
      <div class="zz-stack">
        <p>
          <b>{name}</b>
          <span class="zz-muted zz-s zz-block zz-num">{span(handover, today)}</span>
        </p>
        {handover.note && <p class="zz-pre">{handover.note}</p>}
        {ending.problem !== null && <Note tone="stop" title={ending.problem} alert />}
        {mayEnd && (
          <Button kind="secondary" busy={ending.busy} onClick={() => setAsking(true)}>
            Vertretung beenden
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        title="Vertretung beenden?"
        action="Vertretung beenden"
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void ending.run();
        }}
      >
        <p>
          Der Fall verschwindet vom Telefon von {name}, sobald es wieder Verbindung hat. Was dort
          noch nicht gesendet ist, geht nicht verloren: Sie entscheiden dann, ob es zählt.
        </p>
      </Confirm>
    </Card>
  );
}

function span(handover: Handover, today: string): string {
  const until = `bis ${formatDay(handover.until)}`;
  return standing(handover, today) === "later"
    ? `vom ${formatDay(handover.starts)} ${until}`
    : `vertritt ${until}`;
}
