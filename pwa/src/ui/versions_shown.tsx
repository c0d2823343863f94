/** The versions of a text side by side, at the field they concern, and the ways to decide. */
import { useEffect, useId, useRef } from "preact/hooks";
import { say } from "./announce";
import { Button } from "./button";
import { useNow } from "./clock";
import { formatMoment, withinPhrase } from "./dates";
import { Tag } from "./parts";
import { isNew, join, keepOwn, type Outcome, outcomeOf, ownText, take } from "./versions";
import type { LivingText, Written } from "./written";
import type { WrittenProps } from "./written_text";

const CONSEQUENCES: Record<Outcome, string> = {
  stay: "Solange Sie hier nichts wählen und nichts schreiben, bleibt beim Speichern alles stehen.",
  replaced:
    "Beim Speichern tritt der Text unten an die Stelle dieser Fassungen. Im Verlauf bleiben sie lesbar.",
  beside: "Die neue Fassung bleibt neben Ihrem Text stehen, bis Sie hier wählen.",
};

/** Every version with who and when; below them what a save would do. */
export function VersionsShown(props: WrittenProps & { label: string }) {
  const { label, living, written, onWrite } = props;
  const group = useRef<HTMLElement>(null);
  // What was tapped may be gone: whoever came by keyboard goes on in the text.
  const goOn = () => group.current?.nextElementSibling?.querySelector("textarea")?.focus();
  const decide = (next: Written) => {
    onWrite(next, true);
    if (next.settled === undefined) goOn();
  };
  const outcome = outcomeOf(living, written);
  const own = ownText(living, written);
  const news = living.filter((version) => isNew(version, written)).length;
  const readable = living.filter(({ text }) => text !== null).length + (own === "" ? 0 : 1);
  useEffect(() => {
    if (news > 0) say(`Zu „${label}“ ist eine weitere Fassung da`, "edit");
  }, [news, label]);
  return (
    <section ref={group} class="zz-versions" aria-label={`Fassungen: ${label}`}>
      <b>
        {label}: {living.length > 1 ? `${living.length} Fassungen` : "inzwischen geändert"}
      </b>
      <ul>
        {living.map((version) => (
          <Version key={version.stamp} {...props} version={version} decide={decide} />
        ))}
        {own !== "" && own !== written.text && (
          <Card
            head="Was Sie selbst geschrieben hatten"
            text={own}
            action="Eigenen Text übernehmen"
            onTake={() => decide(take(living, written, own))}
          />
        )}
      </ul>
      {readable > 1 && (
        <Button look="soft" onClick={() => decide(join(living, written))}>
          {readable === 2 ? "Beide zusammenführen" : "Alle zusammenführen"}
        </Button>
      )}
      {outcome === "beside" && (
        <Button
          look="soft"
          onClick={() => {
            decide(keepOwn(living, written));
            goOn();
          }}
        >
          Eigenen Text behalten
        </Button>
      )}
      <p class="zz-muted zz-s" role="status">
        {CONSEQUENCES[outcome]}
      </p>
    </section>
  );
}

function Version({
  version,
  living,
  written,
  nameOf,
  decide,
}: WrittenProps & { version: LivingText; decide: (next: Written) => void }) {
  const now = useNow();
  const { text } = version;
  return (
    <Card
      head={`${nameOf(version.author)}, ${withinPhrase(formatMoment(version.at, now))}`}
      fresh={isNew(version, written)}
      text={text}
      chosen={written.settled !== undefined && text === written.text}
      action="Diese Fassung übernehmen"
      onTake={() => decide(take(living, written, text ?? ""))}
    />
  );
}

interface CardProps {
  head: string;
  fresh?: boolean;
  text: string | null;
  chosen?: boolean;
  action: string;
  onTake: () => void;
}

function Card({ head, fresh, text, chosen, action, onTake }: CardProps) {
  const id = useId();
  return (
    <li class="zz-card zz-card--pad">
      <p id={id} class="zz-muted zz-s">
        {head}
      </p>
      {fresh && <Tag tone="wait">neu</Tag>}
      {chosen && <Tag tone="ok">übernommen</Tag>}
      <p class="zz-pre">
        {text === null
          ? "Auf diesem Gerät nicht lesbar. Diese Fassung bleibt stehen."
          : text || "leer"}
      </p>
      {text !== null && (
        <Button look="soft" describedBy={id} onClick={onTake}>
          {action}
        </Button>
      )}
    </li>
  );
}
