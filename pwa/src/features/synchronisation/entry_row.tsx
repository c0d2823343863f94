/** One entry on its way to the server, with what can be done about it. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { discard, sendAgain } from "../../platform/clarify";
import type { EntryState, SyncEntry } from "../../platform/sync_loop";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useEntryLabel } from "../../ui/feature";
import { Icon, type IconName, Sign } from "../../ui/icons";
import { Disc, Note, Pseudonym } from "../../ui/parts";
import { ConfirmDiscard } from "../../ui/sheet";
import { stateText } from "./entry_words";
import type { About } from "./store";

interface EntryRowProps {
  entry: SyncEntry;
  about: About | undefined;
  now: number;
}

/** A link to what it is about; an entry to clarify offers **Erneut senden** and **Verwerfen**. */
export function EntryRow({ entry, about, now }: EntryRowProps) {
  const id = useId();
  const label = useEntryLabel()(entry.table);
  const what = label?.label ?? (entry.table === "envelope" ? "Schlüssel" : "Eintrag");
  const title = about?.name ? `${what} · ${about.name}` : what;
  const stuck = entry.state === "clarify";
  const Words = label?.words;
  return (
    <li class={stuck ? "zz-item--stop" : undefined}>
      <Row href={about?.there ? label?.href?.(entry.row) : undefined}>
        <Disc icon={label?.icon ?? "doc"} tone={stuck ? "stop" : undefined} />
        <span class="zz-item__t">
          <b id={id}>
            {title} {about?.pseudonym && <Pseudonym>{about.pseudonym}</Pseudonym>}
          </b>
          {Words && (
            <small>
              <Words id={entry.row} />
            </small>
          )}
          <span class="zz-item__state">
            <StateSign entry={entry} />
            {stateText(entry, now)}
          </span>
        </span>
      </Row>
      {stuck && <Clarify n={entry.n} needed={entry.needed} title={title} describedBy={id} />}
    </li>
  );
}

function Row({ href, children }: { href: string | undefined; children: ComponentChildren }) {
  if (href === undefined) return <div class="zz-item">{children}</div>;
  return (
    <a class="zz-item" href={href}>
      {children}
      <Icon name="right" />
    </a>
  );
}

type CalmState = Exclude<EntryState, "clarify">;
const stateIcons: Record<CalmState, { name: IconName; class?: string }> = {
  phone: { name: "mobile" },
  sending: { name: "cloud-up", class: "is-go" },
  held: { name: "clock" },
  secured: { name: "cloud-check", class: "is-ok" },
};

function StateSign({ entry }: { entry: SyncEntry }) {
  if (entry.state === "clarify") return <Sign tone="stop" />;
  const icon = stateIcons[entry.state];
  return <Icon small name={icon.name} class={icon.class} />;
}

interface ClarifyProps {
  n: number;
  /** Others could not be sent without it: it is not offered to be thrown away. */
  needed: true | undefined;
  title: string;
  describedBy: string;
}

function Clarify({ n, needed, title, describedBy }: ClarifyProps) {
  const [asking, setAsking] = useState(false);
  const sending = useAction(() => sendAgain(n));
  const discarding = useAction(async () => {
    await discard(n);
    say("Eintrag verworfen", "trash");
  });
  const problem = sending.problem ?? discarding.problem;
  return (
    <>
      {problem && <Note tone="stop" alert title={problem} />}
      <div class="zz-item__do">
        {!needed && (
          <Button
            kind="secondary"
            describedBy={describedBy}
            busy={discarding.busy}
            onClick={() => setAsking(true)}
          >
            Verwerfen
          </Button>
        )}
        <Button
          kind="secondary"
          describedBy={describedBy}
          busy={sending.busy}
          onClick={() => void sending.run()}
        >
          Erneut senden
        </Button>
      </div>
      <ConfirmDiscard
        open={asking}
        onClose={() => setAsking(false)}
        onDiscard={() => void discarding.run()}
      >
        <p>
          „{title}“ gibt es nur auf diesem Telefon, der Server hat diese Eingabe nicht. Wenn Sie sie
          verwerfen, ist sie endgültig verloren.
        </p>
      </ConfirmDiscard>
    </>
  );
}
