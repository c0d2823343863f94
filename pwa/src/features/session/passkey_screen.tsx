/** Mit Fingerabdruck entsperren: setting the phone's own lock up as a way in, and off again. */
import { useEffect, useRef, useState } from "preact/hooks";
import { daysAllowed } from "../../platform/offline_limit";
import {
  type Obstacle,
  type Proof,
  passkeyObstacle,
  provePassword,
  removePasskey,
  setUpPasskey,
} from "../../platform/passkey_setup";
import { accounts, profile, settings } from "../../platform/session";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { TaskScreen } from "../../ui/frame";
import { Note, Section } from "../../ui/parts";
import { PasswordForm } from "../../ui/password_form";
import { Confirm } from "../../ui/sheet";
import { plural } from "../../ui/words";
import { wrongText } from "./wrong_password";

/** `/mehr/fingerabdruck` */
export function PasskeyScreen() {
  const me = accounts.value.find(({ user }) => user === profile.value?.user);
  return (
    <TaskScreen name="Mit Fingerabdruck entsperren" back="/mehr">
      <p>
        An der Tür ist ein langes Passwort kein guter Weg. Ein Telefon kann Zuzweit auch mit
        Fingerabdruck, Gesicht oder PIN öffnen, ohne Verbindung. Der Server erfährt davon nichts.
      </p>
      {me?.hasPasskey ? <SwitchOff /> : <SetUp />}
    </TaskScreen>
  );
}

/** What it means, said before it is set up and as long as it is, with advice for either. */
function Consequences({ advice }: { advice: string }) {
  return (
    <>
      <Note icon="info" title="Wer dieses Telefon entsperren kann, öffnet damit auch Zuzweit">
        <p>
          Es zählt, was das Telefon selbst annimmt: jeder hinterlegte Finger, jedes Gesicht und die
          PIN. {advice}
        </p>
      </Note>
      <p>
        Ihr Passwort gilt weiter. Sie brauchen es, um sich beim Server anzumelden, und{" "}
        {plural(daysAllowed(settings.value.offline_days), "nach einem Tag", "nach #\u00a0Tagen")}{" "}
        ohne Verbindung.
      </p>
    </>
  );
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  no_name: "Dafür muss Zuzweit unter einem Namen erreichbar sein, nicht unter einer IP-Adresse.",
  no_passkeys: "Dieses Telefon oder dieser Browser kann es nicht. Ihr Passwort öffnet wie bisher.",
};

/** Two steps, unless this phone cannot. */
function SetUp() {
  const [obstacle, setObstacle] = useState<Obstacle | null | undefined>();
  const [proof, setProof] = useState<Proof | null>(null);
  const looking = useAction(async () => setObstacle(await passkeyObstacle()));
  useEffect(() => void looking.run(), [looking.run]);
  if (looking.problem) return <Note tone="stop" alert title={looking.problem} />;
  if (obstacle === undefined) return null;
  if (obstacle) {
    return (
      <Note tone="wait" title="Auf diesem Telefon geht das nicht">
        <p>{OBSTACLES[obstacle]}</p>
      </Note>
    );
  }
  return (
    <>
      <Consequences advice="Richten Sie es nur ein, wenn das nur Sie sind." />
      {proof ? <AskPhone proof={proof} /> : <AskPassword onProven={setProof} />}
    </>
  );
}

function AskPassword({ onProven }: { onProven: (proof: Proof) => void }) {
  const proving = useAction(async (password: string) => onProven(await provePassword(password)));
  const answer = wrongText(proving.error);
  return (
    <Section title="1. Ihr Passwort">
      {proving.problem && answer === null && <Note tone="stop" alert title={proving.problem} />}
      <PasswordForm entering={proving} answer={answer} action="Weiter" busy="Wird geprüft …" />
    </Section>
  );
}

function AskPhone({ proof }: { proof: Proof }) {
  const confirming = useAction(async () => {
    await setUpPasskey(proof);
    say("Entsperren mit Fingerabdruck ist eingerichtet", "finger");
  });
  const section = useRef<HTMLDivElement>(null);
  // The field that had the focus is gone.
  useEffect(() => section.current?.focus(), []);
  return (
    <div ref={section} tabIndex={-1}>
      <Section title="2. Ihr Telefon">
        <div class="zz-stack">
          <p>Gleich fragt das Telefon selbst nach Fingerabdruck, Gesicht oder PIN.</p>
          {confirming.problem && <Note tone="stop" alert title={confirming.problem} />}
          <Button
            kind="primary"
            icon="finger"
            busy={confirming.busy}
            onClick={() => void confirming.run()}
          >
            {confirming.busy ? "Wird eingerichtet …" : "Mit dem Telefon bestätigen"}
          </Button>
        </div>
      </Section>
    </div>
  );
}

function SwitchOff() {
  const [asking, setAsking] = useState(false);
  const removing = useAction(async () => {
    await removePasskey();
    say("Entsperren mit Fingerabdruck ist ausgeschaltet", "lock");
  });
  return (
    <>
      <Note tone="ok" title="Eingerichtet">
        <p>Auf dem Sperrbildschirm steht jetzt „Mit Fingerabdruck entsperren“.</p>
      </Note>
      <Consequences advice="Sind das nicht mehr nur Sie, schalten Sie es aus." />
      {removing.problem && <Note tone="stop" alert title={removing.problem} />}
      <Button kind="secondary" busy={removing.busy} onClick={() => setAsking(true)}>
        Ausschalten
      </Button>
      <Confirm
        open={asking}
        title="Entsperren mit Fingerabdruck ausschalten?"
        action="Ausschalten"
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void removing.run();
        }}
      >
        <p>
          Dann öffnet auf diesem Telefon allein Ihr Passwort. Ihre Einträge bleiben, wie sie sind.
        </p>
      </Confirm>
    </>
  );
}
