/** Mehr: the team, what is explained, this phone, and the way out. */
import { useEffect, useRef, useState } from "preact/hooks";
import { drafts, notes } from "../../platform/drafts";
import { giveOutRescueFile } from "../../platform/rescue";
import { newcomers, profile, signOut, UnsentEntries } from "../../platform/session";
import { status } from "../../platform/sync_loop";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { TabScreen } from "../../ui/frame";
import { Icon } from "../../ui/icons";
import { CardList, Item, Note, Section } from "../../ui/parts";
import { RescueButton } from "../../ui/rescue_button";
import { roleLabel } from "../../ui/roles";
import { Confirm } from "../../ui/sheet";
import { plural } from "../../ui/words";
import { install, installWay } from "./install";
import { type Obstacle, type OnlyHere, obstacle } from "./model";

/** `/mehr` */
export function MoreScreen() {
  return (
    <TabScreen name="Mehr">
      <InstallHint />
      <CardList label="Bereiche">
        <Team />
        <Item
          icon="key"
          title="Passwort ändern"
          note="Für alle Ihre Telefone"
          href="/mehr/passwort"
        />
        <Item
          icon="finger"
          title="Mit Fingerabdruck entsperren"
          note="An der Tür, ohne langes Passwort"
          href="/mehr/fingerabdruck"
        />
        <Item
          icon="sync"
          title={<>Synchroni&shy;sierung</>}
          note="Was gesichert ist und was wartet"
          href="/synchronisierung"
        />
        <Item
          icon="doc"
          title="Anleitung"
          note="Das Wichtigste auf einer Seite"
          href="/mehr/anleitung"
        />
        <Item
          icon="shield2"
          title="Datenschutz"
          note="Wer was lesen kann"
          href="/mehr/datenschutz"
        />
      </CardList>
      {profile.value?.role === "ab_pap" && <Lists />}
      <Me />
    </TabScreen>
  );
}

function Team() {
  const waiting = newcomers.value.length;
  return (
    <Item
      icon="people"
      tone={waiting > 0 ? "wait" : undefined}
      title="Team"
      note={
        waiting > 0
          ? plural(waiting, "# Person wartet auf Aufnahme", "# Personen warten auf Aufnahme")
          : "Wer dazugehört, Aufnahme"
      }
      href="/team"
    />
  );
}

/** Many cases at once: on their way in, and out to the team's folder. */
function Lists() {
  return (
    <Section title="Listen">
      <CardList>
        <Item
          icon="doc"
          title="Liste einlesen"
          note="Viele Fälle auf einmal, aus Excel oder CSV"
          href="/faelle/einlesen"
        />
        <Item
          icon="lock"
          title="Verschlüsselt ausgeben"
          note="Überstellte und abgeschlossene Fälle für die Ablage"
          href="/faelle/ausgeben"
        />
      </CardList>
    </Section>
  );
}

function Me() {
  const me = profile.value;
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<Obstacle | null>(null);
  const leaving = useAction(() => signOut().catch(refuse));
  if (!me) return null;

  // Asked only when it can be done; a tab that wrote meanwhile is found out by signing out.
  function ask() {
    const found = obstacle(onlyHere());
    setRefused(found && { ...found });
    setAsking(found === null);
  }
  function refuse(error: unknown) {
    if (!(error instanceof UnsentEntries)) throw error;
    const { waiting, toClarify, drafts, notes } = error;
    setRefused(obstacle({ entries: waiting + toClarify, drafts, notes }));
  }
  return (
    <Section title="Angemeldet">
      <CardList>
        <Item
          icon="person"
          title={me.displayName}
          note={`${roleLabel(me.role)} · ${me.teamName}`}
        />
      </CardList>
      {leaving.problem && <Note tone="stop" alert title={leaving.problem} />}
      {refused && <Refused obstacle={refused} />}
      <Button kind="secondary" icon="exit" busy={leaving.busy} onClick={ask}>
        Abmelden
      </Button>
      <Confirm
        open={asking}
        title="Von diesem Telefon abmelden?"
        action="Abmelden"
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void leaving.run();
        }}
      >
        <p>
          Ihre Daten werden von diesem Telefon entfernt; gesichert sind sie auf dem Server. Für
          kurze Pausen genügt Sperren. Zum nächsten Anmelden brauchen Sie eine Verbindung.
        </p>
      </Confirm>
    </Section>
  );
}

function onlyHere(): OnlyHere {
  const { waiting, toClarify } = status.peek();
  const [drafted, noted] = [drafts.peek().length, notes.peek().length];
  return { entries: waiting + toClarify, drafts: drafted, notes: noted };
}

/** The answer to a tap that lies further down: it comes into view and takes the focus. */
function Refused({ obstacle }: { obstacle: Obstacle }) {
  const answer = useRef<HTMLElement>(null);
  useEffect(() => answer.current?.focus(), [obstacle]);
  return (
    <section ref={answer} tabIndex={-1} aria-label={obstacle.title}>
      <Note tone="stop" title={obstacle.title}>
        <p>{obstacle.text}</p>
        <Button href={obstacle.href}>{obstacle.link}</Button>
        <RescueButton make={giveOutRescueFile} />
      </Note>
    </section>
  );
}

function InstallHint() {
  const way = installWay.value;
  if (way === "none") return null;
  return (
    <Note icon="mobile" title={<>Zuzweit auf den Start&shy;bildschirm</>}>
      <p class="zz-s">
        So startet es auch ohne Verbindung, und das Telefon behält die Einträge sicherer.
      </p>
      {way === "prompt" ? (
        <Button icon="download" onClick={() => void install().catch(reportError)}>
          App instal&shy;lieren
        </Button>
      ) : (
        <p class="zz-row zz-row--top">
          <Icon name="share" small />
          <span>
            In Safari auf <b class="zz-b">Teilen</b> tippen, dann auf{" "}
            <b class="zz-b">Zum Home-Bildschirm</b>.
          </span>
        </p>
      )}
    </Note>
  );
}
