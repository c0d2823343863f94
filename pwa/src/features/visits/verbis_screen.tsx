/** „In VerBIS nachtragen“: the contacts that still have to be entered there, to tick off. */
import { useId, useState } from "preact/hooks";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { dayOf } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { CardList, Disc, Empty, Loading, Note } from "../../ui/parts";
import { useWayBack } from "../../ui/way_back";
import { type Contact, openInVerbis, outcomeText, placeIcon } from "./model";
import { glance, markVerbis } from "./store";
import { ContactNote } from "./today_sections";

const NAME = "In VerBIS nachtragen";

/** /verbis; what was ticked off stays in its place until one leaves, for whoever mistook it. */
export function VerbisScreen() {
  const today = dayOf(useNow());
  const { back } = useWayBack("/verbis", "/heute");
  const [ticked, setTicked] = useState<readonly string[]>([]);
  if (glance.value === null) {
    return (
      <TaskScreen name={NAME} back={back}>
        <Loading />
      </TaskScreen>
    );
  }
  const shown = openInVerbis(glance.value, ticked);
  return (
    <TaskScreen name={NAME} back={back}>
      {shown.length === 0 ? (
        <Empty icon="check" title="Alles nachgetragen">
          <p class="zz-muted">
            Beim Festhalten eines Kontakts können Sie „In VerBIS nachtragen“ ankreuzen.
          </p>
        </Empty>
      ) : (
        <CardList label="Kontakte">
          {shown.map((contact) => (
            <Row
              key={contact.id}
              contact={contact}
              today={today}
              onTick={() => setTicked([...ticked, contact.id])}
            />
          ))}
        </CardList>
      )}
    </TaskScreen>
  );
}

interface RowProps {
  contact: Contact;
  today: string;
  onTick: () => void;
}

function Row({ contact, today, onTick }: RowProps) {
  const id = useId();
  const open = contact.verbisOpen;
  const marking = useAction(async () => {
    onTick();
    await markVerbis(contact.id, !open);
    say(open ? "Als nachgetragen abgehakt" : "Wieder offen");
  });
  return (
    <li>
      <a class="zz-item" href={`/kontakt/${contact.id}`}>
        <Disc icon={open ? placeIcon(contact.placeKind) : "check"} tone={open ? undefined : "ok"} />
        <span class="zz-item__t" id={id}>
          <b>{outcomeText(contact)}</b>
          <small>
            <ContactNote contact={contact} today={today} />
          </small>
        </span>
      </a>
      {marking.problem !== null && (
        <Note tone="stop" title="Nicht gespeichert" alert>
          {marking.problem}
        </Note>
      )}
      <div class="zz-item__do">
        <Button
          look={open ? "soft" : undefined}
          icon={open ? "check" : "return"}
          busy={marking.busy}
          describedBy={id}
          onClick={() => void marking.run()}
        >
          {open ? "Nachgetragen" : "Rückgängig"}
        </Button>
      </div>
    </li>
  );
}
