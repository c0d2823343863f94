/** Signing in on a phone that has no store for this person yet. */
import { useRef, useState } from "preact/hooks";
import { profile, signIn, wipedByOffice } from "../../platform/session";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { PASSWORD_MISSING, PasswordField, TextField, useRequired } from "../../ui/fields";
import { Note } from "../../ui/parts";
import { LockFrame } from "./lock_frame";
import { strangerText } from "./model";

/** Where the admin's work is: pages of the server, which need the connection that is there now. */
const OFFICE = "/verwaltung/";

/** Name and password; with `onBack` another person's store lies on this phone already. */
export function SignInScreen({ onBack }: { onBack?: (() => void) | undefined }) {
  return (
    <LockFrame name="Anmelden" sub="Aufsuchende Beratung, zu zweit">
      <SignInForm onBack={onBack} />
    </LockFrame>
  );
}

function SignInForm({ onBack }: { onBack?: (() => void) | undefined }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const entering = useAction(async () => {
    await signIn(name.trim(), password);
    if (profile.value?.role === "admin") location.assign(OFFICE);
  });
  const { problem, error } = entering;
  const said = problem ? strangerText(error, problem) : wipedByOffice.value;
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const required = useRequired(form);
  const again = () => {
    field.current?.focus();
    field.current?.select();
  };
  return (
    <form
      ref={form}
      class="zz-stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!required.filled(name.trim(), password)) return;
        void entering.run().then((well) => well || again());
      }}
    >
      {said && <Note tone="stop" alert title={said} />}
      <TextField
        label="Anmeldename"
        name="username"
        value={name}
        onInput={setName}
        error={required.says(name.trim(), "Bitte geben Sie Ihren Anmeldenamen ein.")}
        autocomplete="username"
        capitalize="none"
        required
      />
      <PasswordField
        label="Passwort"
        value={password}
        onInput={setPassword}
        error={required.says(password, PASSWORD_MISSING)}
        inputRef={field}
        autocomplete="current-password"
        required
      />
      <Button kind="primary" type="submit" icon="key" busy={entering.busy}>
        {entering.busy ? "Wird angemeldet …" : "Anmelden"}
      </Button>
      {onBack && (
        <Button kind="tertiary" onClick={onBack}>
          Zurück
        </Button>
      )}
    </form>
  );
}
