/** The present password alone, and one button: to sign in again, or to prove who is there. */
import { useRef, useState } from "preact/hooks";
import type { Action } from "./action";
import { Button } from "./button";
import { PASSWORD_MISSING, PasswordField, useFocusInvalid, useRequired } from "./fields";

export interface PasswordFormProps {
  /** What it is for. */
  entering: Action<[password: string]>;
  /** What is wrong with the password, in words. */
  answer: string | null;
  /** The words on the button, at rest and at work. */
  action: string;
  busy: string;
}

/** Says itself when nothing is typed; a wrong password takes the focus back. */
export function PasswordForm({ entering, answer, action, busy }: PasswordFormProps) {
  const [password, setPassword] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const required = useRequired(form);
  useFocusInvalid(form, entering.error);
  return (
    <form
      ref={form}
      class="zz-stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (required.filled(password)) void entering.run(password);
      }}
    >
      <PasswordField
        label="Passwort"
        value={password}
        onInput={setPassword}
        error={required.says(password, PASSWORD_MISSING) ?? answer}
        autocomplete="current-password"
        required
      />
      <Button kind="primary" type="submit" busy={entering.busy}>
        {entering.busy ? busy : action}
      </Button>
    </form>
  );
}
