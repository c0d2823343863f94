/**
 * The recovery sheet: made, printed, put into a safe; its words are shown this once. One that was
 * lost is made worthless.
 */

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { encodeQR } from "qr";
import { type LastSheet, lastSheet, makeSheet } from "../../platform/recovery";
import { profile, Unreachable } from "../../platform/session";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { dayOf, formatDay } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { Card, CardList, Item, Loading, Note, Section } from "../../ui/parts";

/** `/mehr/blatt`, and `/mehr/blatt?verloren` */
export function SheetScreen() {
  const { query } = useLocation();
  return "verloren" in query ? <LostSheet /> : <NewSheet />;
}

function NewSheet() {
  const [words, setWords] = useState<string | null>(null);
  const making = useAction(async () => setWords(await makeSheet()));
  if (words) return <Sheet words={words} />;
  return (
    <TaskScreen
      name="Wiederherstellungsblatt"
      heading={<>Wieder&shy;herstellungs&shy;blatt</>}
      back="/mehr"
      dock={
        <Button kind="primary" icon="key" busy={making.busy} onClick={() => void making.run()}>
          {making.busy ? "Blatt wird erstellt …" : "Neues Blatt erstellen"}
        </Button>
      }
    >
      <NotMade {...making} />
      <p>
        Das Blatt öffnet alle Fälle Ihres Teams, wenn einmal niemand mehr sein Passwort weiß. Es
        enthält zwölf Wörter. Drucken Sie es aus und legen Sie es verschlossen in einen Tresor.
      </p>
      <Note tone="wait" icon="key" title="Wer dieses Blatt hat, kann alles lesen">
        <p class="zz-s">
          Der Server kennt die Wörter nicht, und die App zeigt sie nur einmal. Ein neues Blatt löst
          das vorige ab, wenn Sie es noch in der Hand haben: Vernichten Sie es dann.
        </p>
      </Note>
      <Last />
    </TaskScreen>
  );
}

function LostSheet() {
  const [words, setWords] = useState<string | null>(null);
  const making = useAction(async () => {
    setWords(await makeSheet(true));
    say("Alle bisherigen Blätter gelten nicht mehr", "key");
  });
  if (words) return <Sheet words={words} />;
  return (
    <TaskScreen
      name="Blatt verloren oder gesehen worden"
      back="/mehr/blatt"
      dock={
        <Button kind="primary" icon="key" busy={making.busy} onClick={() => void making.run()}>
          {making.busy ? "Blatt wird erstellt …" : "Entwerten und neu erstellen"}
        </Button>
      }
    >
      <NotMade {...making} />
      <p>
        Ist das Blatt weg, oder hat jemand die Wörter gelesen oder fotografiert? Dann entwerten Sie
        es hier, zusammen mit allen früheren Blättern.
      </p>
      <Section title="Das geschieht">
        <Card pad>
          <ul class="zz-points">
            <li>Sie bekommen sofort ein neues Blatt.</li>
            <li>
              Die Telefone Ihres Teams erneuern von selbst alle Schlüssel. „Heute“ sagt, solange es
              dauert; Sie können weiterarbeiten.
            </li>
            <li>Was danach geschrieben wird, öffnet kein früheres Blatt.</li>
          </ul>
        </Card>
      </Section>
      <Note tone="wait" title="Das lässt sich nicht zurückholen">
        <p class="zz-s">
          Was mit dem Blatt schon geöffnet wurde, ist gelesen. Und wer außer dem Blatt auch eine
          ältere Kopie der Daten hat, etwa eine Sicherung des Servers, kann lesen, was bis heute
          darin steht. Halten Sie das für möglich, sagen Sie es bitte dem Datenschutz Ihres Hauses.
        </p>
      </Note>
    </TaskScreen>
  );
}

/** Whoever hears nothing cannot know whether the server has the new sheet, whose words nobody has. */
function NotMade({ problem, error }: { problem: string | null; error: unknown }) {
  if (problem === null) return null;
  return (
    <Note tone="stop" alert title={problem}>
      {error instanceof Unreachable && (
        <p class="zz-s">
          Vielleicht gilt das bisherige Blatt schon nicht mehr. Bitte versuchen Sie es noch einmal,
          sobald Sie Verbindung haben, und verwahren Sie das neue.
        </p>
      )}
    </Note>
  );
}

function Last() {
  const [last, setLast] = useState<LastSheet | null | undefined>(undefined);
  const reading = useAction(async () => setLast(await lastSheet()));
  const { run } = reading;
  useEffect(() => void run(), [run]);
  if (reading.problem) return <Note tone="stop" alert title={reading.problem} />;
  if (last === undefined) return <Loading>Wird nachgesehen …</Loading>;
  if (last === null) return <p class="zz-muted">Ihr Team hat noch kein Blatt.</p>;
  return (
    <>
      <p class="zz-muted">
        Das Blatt, das zurzeit gilt, ist vom {formatDay(dayOf(Date.parse(last.at)))}
        {last.by && `, erstellt von ${last.by}`}.
      </p>
      <CardList label="Wenn etwas mit dem Blatt ist">
        <Item
          icon="warn"
          title="Blatt verloren oder gesehen worden"
          note="Das bisherige entwerten"
          href="/mehr/blatt?verloren"
        />
      </CardList>
    </>
  );
}

function Sheet({ words }: { words: string }) {
  const list = words.split("-");
  return (
    <TaskScreen
      name="Wiederherstellungsblatt"
      heading={<>Wieder&shy;herstellungs&shy;blatt</>}
      sub={`${profile.value?.teamName ?? ""}, ${formatDay(dayOf(Date.now()))}`}
      back="/mehr"
      dock={
        <Button kind="primary" icon="doc" onClick={() => window.print()}>
          Drucken
        </Button>
      }
    >
      <p>
        <b class="zz-b">Im Tresor verwahren.</b> Wer dieses Blatt hat, kann alle Fälle des Teams
        lesen.
      </p>
      <ol class="zz-sheetwords" aria-label="Die zwölf Wörter" translate={false}>
        {list.map((word, place) => (
          <li key={place}>{word}</li>
        ))}
      </ol>
      <Qr text={list.join(" ")} />
      <p class="zz-s">
        So wird es benutzt: Die Verwaltung lädt eine aB-pAp neu ein. Auf deren Telefon, bei „Warten
        auf Aufnahme“, „Mit Wiederherstellungsblatt“ wählen und die zwölf Wörter eingeben.
      </p>
    </TaskScreen>
  );
}

/** The words once more, for a phone's camera: always dark on white. */
function Qr({ text }: { text: string }) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 2 });
  const dots = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      class="zz-qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label="Die zwölf Wörter als QR-Code"
      shape-rendering="crispEdges"
    >
      <path d={dots.join("")} />
    </svg>
  );
}
