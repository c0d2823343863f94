/** Synchronisierung: every entry with its own state, and what this phone holds. */
import { useState } from "preact/hooks";
import { drafts, notes } from "../../platform/drafts";
import { giveOutRescueFile } from "../../platform/rescue";
import { problems } from "../../platform/session";
import { entries, type SyncStatus, status, syncNow } from "../../platform/sync_loop";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { useNow } from "../../ui/clock";
import { formatAge, formatSince } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { Disc, Empty, Note, Section } from "../../ui/parts";
import { RescueButton } from "../../ui/rescue_button";
import { formatNumber, plural } from "../../ui/words";
import { EntryRow } from "./entry_row";
import { inOrder } from "./entry_words";
import { SignInAgain } from "./sign_in_again";
import { aboutOf, entryKey } from "./store";
import { ThisPhone } from "./this_phone";

/** `/synchronisierung`; the back arrow leads to where the chip was tapped. */
export function SyncScreen({ back = "/heute" }: { back?: string | undefined }) {
  const now = useNow();
  const state = status.value;
  const syncing = useAction(async () => {
    await syncNow();
    if (!status.peek().reachable) {
      say("Keine Verbindung. Es wird von selbst weiter versucht.", "cloud-off");
    }
  });
  const busy = syncing.busy || state.running;
  return (
    <TaskScreen
      name="Synchronisierung"
      heading={<>Synchroni&shy;sierung</>}
      back={back}
      // Without a session there is nothing to try: signing in is the one thing to do.
      dock={
        state.needsSignIn ? undefined : (
          <Button kind="primary" icon="sync" busy={busy} onClick={() => void syncing.run()}>
            {busy ? "Wird synchronisiert …" : "Jetzt synchronisieren"}
          </Button>
        )
      }
    >
      {state.needsSignIn && <SignInAgain />}
      {syncing.problem && <Note tone="wait" alert title={syncing.problem} />}
      <LastContact status={state} now={now} />
      {state.clockWrong && <WrongClock />}
      {problems.value.map((text) => (
        <Note key={text} tone="stop" title={text} />
      ))}
      <Entries now={now} />
      <Rescue />
      <ThisPhone />
    </TaskScreen>
  );
}

function LastContact({ status, now }: ContactProps) {
  const { lastContact, reachable, firstSync, needsSignIn } = status;
  const fine = reachable && lastContact !== null && !needsSignIn;
  return (
    <div class="zz-card zz-sum">
      <Disc icon={fine ? "cloud-check" : "cloud-off"} tone={fine ? "ok" : "wait"} />
      <p>
        <b>
          {lastContact === null
            ? "Noch kein Kontakt zum Server"
            : `Letzter Kontakt ${formatSince(lastContact, now)}`}
        </b>
        <span class="zz-muted zz-s zz-block">
          {!reachable && "Der Server ist zurzeit nicht erreichbar. "}
          {fine && formatAge(lastContact, now)}
          {reachable && needsSignIn && "Der Server nimmt zurzeit nichts von Ihnen an."}
          {!reachable && "Neue Einträge bleiben so lange auf diesem Telefon."}
        </span>
        {firstSync && (
          <span class="zz-s zz-block">
            Erste Synchronisierung: {formatNumber(firstSync.done)}{" "}
            {plural(firstSync.done, "Eintrag", "Einträge")} geladen
          </span>
        )}
      </p>
    </div>
  );
}

/** What exists here only can leave in a file, when it cannot be sent. */
function Rescue() {
  const { waiting, toClarify } = status.value;
  const here = waiting + toClarify + drafts.value.length + notes.value.length;
  if (here === 0) return null;
  return (
    <Section title="Wenn Senden nicht möglich ist">
      <p class="zz-muted">
        Was nur auf diesem Telefon liegt, kommt in eine verschlossene Datei. Ihre Verwaltung liest
        sie ein; lesen kann sie die Notizen nicht.
      </p>
      <RescueButton make={giveOutRescueFile} />
    </Section>
  );
}

interface ContactProps {
  status: SyncStatus;
  now: number;
}

function WrongClock() {
  return (
    <Note tone="wait" title="Die Uhrzeit dieses Telefons stimmt nicht">
      <p>
        Ihre Einträge werden trotzdem gesichert, mit der Zeit des Servers. Bitte schalten Sie in den
        Einstellungen des Telefons die automatische Uhrzeit ein.
      </p>
    </Note>
  );
}

/** How many entries are shown before somebody asks for more. */
const PAGE = 30;

function Entries({ now }: { now: number }) {
  const [limit, setLimit] = useState(PAGE);
  const all = inOrder(entries.value);
  const shown = all.slice(0, limit);
  const about = aboutOf(shown);
  return (
    <Section title="Einträge" aside={all.length > 0 ? formatNumber(all.length) : undefined}>
      {all.length === 0 ? (
        <Empty icon="cloud-check" title="Von diesem Telefon ist nichts unterwegs">
          <p class="zz-muted">Sobald Sie etwas festhalten, sehen Sie hier, wo es gerade ist.</p>
        </Empty>
      ) : (
        <ul class="zz-card">
          {shown.map((entry) => (
            <EntryRow key={entry.n} entry={entry} about={about.get(entryKey(entry))} now={now} />
          ))}
        </ul>
      )}
      {all.length > limit && (
        <Button kind="tertiary" onClick={() => setLimit(limit + PAGE)}>
          Ältere anzeigen
        </Button>
      )}
    </Section>
  );
}
