/** The session ended; everything stays as it is, only the way to the server needs the password. */
import { useRef, useState } from "preact/hooks";
import { signInAgain } from "../../platform/session";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { PASSWORD_MISSING, PasswordField, useFocusInvalid, useRequired } from "../../ui/fields";
import { Note } from "../../ui/parts";
import { codeOf, passwordAnswer } from "./entry_words";

/** Signs in again in place: page, drafts and entries stay. */
export function SignInAgain() {
  const [password, setPassword] = useState("");
  const entering = useAction(async () => {
    await signInAgain(password);
    say("Wieder angemeldet", "cloud-check");
  });
  const form = useRef<HTMLFormElement>(null);
  const required = useRequired(form);
  useFocusInvalid(form, entering.error);
  if (codeOf(entering.error) === "device_locked") return <LockedOut />;
  return (
    <Note tone="stop" title="Bitte neu anmelden">
      <p>
        Ihre Anmeldung beim Server ist abgelaufen oder wurde beendet. Alles, was Sie eingegeben
        haben, liegt sicher auf diesem Telefon und wird danach gesendet.
      </p>
      <form
        ref={form}
        class="zz-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (required.filled(password)) void entering.run();
        }}
      >
        <PasswordField
          label="Passwort"
          value={password}
          onInput={setPassword}
          error={
            required.says(password, PASSWORD_MISSING) ??
            passwordAnswer(entering.error, entering.problem)
          }
          autocomplete="current-password"
          required
        />
        <Button kind="primary" type="submit" busy={entering.busy}>
          {entering.busy ? "Wird angemeldet …" : "Anmelden"}
        </Button>
      </form>
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
