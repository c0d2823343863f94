/** Another password, proven by the present one. */
import { useRef, useState } from "preact/hooks";
import { changePassword, isOpen } from "../../platform/password_change";
import { Unreachable, WrongPassword } from "../../platform/problems";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { PASSWORD_MISSING, PasswordField, useRequired } from "../../ui/fields";
import { TaskScreen } from "../../ui/frame";
import { PasswordKind } from "../../ui/own_password";
import { Note, Section } from "../../ui/parts";
import { NewPassword } from "./make_password";
import { wrongText } from "./wrong_password";

/** `/mehr/passwort` */
export function ChangePasswordScreen() {
  const [old, setOld] = useState("");
  const [own, setOwn] = useState(false);
  const [round, setRound] = useState(0);
  const [earlier, setEarlier] = useState(false);
  const present = useRef<HTMLFormElement>(null);
  const required = useRequired(present);
  const changing = useAction(async (password: string) => {
    setEarlier(false);
    if ((await changePassword(old, password)) === "earlier") setEarlier(true);
    else say("Ihr Passwort ist geändert", "key");
    setOld("");
    setRound(round + 1);
  });
  return (
    <TaskScreen name="Passwort ändern" back="/mehr">
      <p>
        Das neue Passwort gilt sofort auf diesem Telefon. Ihre anderen Telefone fragen danach,
        sobald sie wieder Verbindung haben; bis dahin öffnet sie noch das bisherige. Ihre Einträge
        bleiben, wie sie sind.
      </p>
      <Answer earlier={earlier} error={changing.error} problem={changing.problem} />
      <form ref={present} noValidate onSubmit={(event) => event.preventDefault()}>
        <PasswordField
          label="Bisheriges Passwort"
          value={old}
          onInput={setOld}
          error={required.says(old, PASSWORD_MISSING) ?? wrongText(changing.error)}
          autocomplete="current-password"
          name="current-password"
          required
        />
      </form>
      <Section title="Neues Passwort">
        <div class="zz-stack">
          <PasswordKind own={own} onChange={setOwn} />
          <NewPassword
            key={`${round} ${own}`}
            own={own}
            busy={changing.busy}
            onChosen={(password) => {
              if (required.filled(old)) void changing.run(password);
            }}
          >
            {changing.busy ? "Passwort wird geändert …" : "Passwort ändern"}
          </NewPassword>
        </div>
      </Section>
    </TaskScreen>
  );
}

interface AnswerProps {
  earlier: boolean;
  error: unknown;
  problem: string | null;
}

/** What became of the change, when it is not simply done. */
function Answer({ earlier, error, problem }: AnswerProps) {
  if (earlier) {
    return (
      <Note tone="ok" alert title="Ihr vorher gewähltes neues Passwort gilt schon">
        <p>
          Der Server hatte Ihre letzte Änderung erhalten, nur seine Antwort war verloren. Jetzt
          wurde nichts geändert.
        </p>
      </Note>
    );
  }
  if (error instanceof Unreachable || (error === null && isOpen())) {
    return (
      <Note tone="wait" alert title="Noch nicht bestätigt">
        <p>
          Der Server hat nicht geantwortet. Bis er es tut, öffnen beide Passwörter dieses Telefon:
          das bisherige und das neue. Merken Sie sich bitte beide; die App fragt von selbst nach.
        </p>
      </Note>
    );
  }
  if (!problem || error instanceof WrongPassword) return null;
  return <Note tone="stop" alert title={problem} />;
}
