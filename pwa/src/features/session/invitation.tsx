/** A newcomer opens her invitation and makes her password; the keys arise on this phone. */
import { useEffect, useState } from "preact/hooks";
import {
  ApiProblem,
  type Invitation,
  lock,
  openInvitation,
  phase,
  profile,
} from "../../platform/session";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { dayOf, formatDay, formatTime } from "../../ui/dates";
import { Empty, Fact, Facts, Loading, Note } from "../../ui/parts";
import { roleLabel } from "../../ui/roles";
import { MakePassword } from "./make_password";
import { strangerText } from "./model";
import { PlainFrame } from "./plain_frame";

/** `/einladung#token`; `onDone` leads into the app. */
export function InvitationScreen({ onDone }: { onDone: () => void }) {
  const [token, setToken] = useState(() => location.hash.slice(1));
  useEffect(() => {
    const change = () => setToken(location.hash.slice(1));
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  if (phase.value === "open") return <SomebodyIsIn />;
  return <Opened key={token} token={token} onDone={onDone} />;
}

function Opened({ token, onDone }: { token: string; onDone: () => void }) {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const opening = useAction(async () => setInvitation(await openInvitation(token)));
  useEffect(() => {
    if (token !== "") void opening.run();
  }, [token, opening.run]);
  // Trying again helps against a bad network, never against a link that is used up.
  const final = opening.error instanceof ApiProblem && opening.error.code === "invitation_invalid";
  return (
    <PlainFrame
      name="Einladung"
      heading={invitation ? `Willkommen, ${invitation.displayName}` : "Einladung"}
    >
      {token === "" && (
        <Empty icon="key" title="Der Link ist nicht vollständig">
          <p>Bitte öffnen Sie den ganzen Link aus Ihrer Einladung noch einmal.</p>
        </Empty>
      )}
      {opening.busy && <Loading>Einladung wird geöffnet …</Loading>}
      {opening.problem && (
        <Note tone="stop" alert title={strangerText(opening.error, opening.problem)}>
          {!final && (
            <Button kind="secondary" icon="sync" onClick={() => void opening.run()}>
              Noch einmal versuchen
            </Button>
          )}
        </Note>
      )}
      {(token === "" || opening.problem) && (
        <Button kind="tertiary" href="/heute">
          Zur Anmeldung
        </Button>
      )}
      {invitation && (
        <>
          <Details invitation={invitation} />
          <MakePassword token={token} onDone={onDone} />
        </>
      )}
    </PlainFrame>
  );
}

function Details({ invitation }: { invitation: Invitation }) {
  return (
    <Facts>
      <Fact name="Anmeldename">{invitation.name}</Fact>
      <Fact name="Aufgabe">{roleLabel(invitation.role)}</Fact>
      <Fact name="Team">{invitation.teamName}</Fact>
      <Fact name="Gilt bis">
        {formatDay(dayOf(invitation.expires))}, {formatTime(invitation.expires)} Uhr
      </Fact>
    </Facts>
  );
}

function SomebodyIsIn() {
  return (
    <PlainFrame name="Einladung" heading="Einladung">
      <Note
        icon="person"
        title={`Auf diesem Telefon ist gerade ${profile.value?.displayName} angemeldet`}
      >
        <p>Sperren Sie zuerst; die Einträge bleiben auf diesem Telefon gespeichert.</p>
      </Note>
      <Button kind="primary" icon="lock" onClick={lock}>
        Sperren
      </Button>
      <Button kind="tertiary" href="/heute">
        Zurück
      </Button>
    </PlainFrame>
  );
}
