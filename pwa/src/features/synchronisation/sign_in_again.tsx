/** The session ended; everything stays as it is, only the way to the server needs the password. */
import { signInAgain } from "../../platform/session";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Note } from "../../ui/parts";
import { PasswordForm } from "../../ui/password_form";
import { codeOf, passwordAnswer } from "./entry_words";

/** Signs in again in place: page, drafts and entries stay. */
export function SignInAgain() {
  const entering = useAction(async (password: string) => {
    await signInAgain(password);
    say("Wieder angemeldet", "cloud-check");
  });
  if (codeOf(entering.error) === "device_locked") return <LockedOut />;
  return (
    <Note tone="stop" title="Bitte neu anmelden">
      <p>
        Ihre Anmeldung beim Server ist abgelaufen oder wurde beendet. Alles, was Sie eingegeben
        haben, liegt sicher auf diesem Telefon und wird danach gesendet.
      </p>
      <PasswordForm
        entering={entering}
        answer={passwordAnswer(entering.error, entering.problem)}
        action="Anmelden"
        busy="Wird angemeldet …"
      />
    </Note>
  );
}

/** No password helps here: the administration has revoked this device. */
function LockedOut() {
  return (
    <Note tone="stop" alert title="Dieses Telefon wurde beim Server gesperrt">
      <p>
        Anmelden ist damit nicht mehr möglich. Es gibt ab, was noch nicht gesendet war, und leert
        sich dann. Bitte wenden Sie sich an die Verwaltung.
      </p>
    </Note>
  );
}
