/** A password of one's own choice, typed twice; and the question whether it is to be one. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "./button";
import { Chip, ChipGroup } from "./chips";
import { PasswordField, useFocusInvalid } from "./fields";
import type { IconName } from "./icons";

interface PasswordKindProps {
  own: boolean;
  onChange: (own: boolean) => void;
}

/** Five offered words, or an own password. */
export function PasswordKind({ own, onChange }: PasswordKindProps) {
  return (
    <ChipGroup legend="Art des Passworts" quiet>
      <Chip name="password-kind" value="words" checked={!own} onChange={() => onChange(false)}>
        Fünf Wörter
      </Chip>
      <Chip name="password-kind" value="own" checked={own} onChange={() => onChange(true)}>
        Eigenes Passwort
      </Chip>
    </ChipGroup>
  );
}

export interface OwnPasswordProps {
  hint: string;
  /** What is wrong with a password, in words; null when it is good enough. */
  problemOf: (password: string) => string | null;
  autocomplete: "new-password" | "off";
  /** The names of the two fields, for whatever fills them in, begin with it. */
  name: string;
  busy: boolean;
  icon?: IconName | undefined;
  /** The words on the button. */
  children: ComponentChildren;
  onChosen: (password: string) => void;
}

/** Typed twice; handed on once it is good enough and both are the same. */
export function OwnPassword(props: OwnPasswordProps) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [errors, setErrors] = useState<{ password?: string | null; again?: string | null }>({});
  const form = useRef<HTMLFormElement>(null);
  useFocusInvalid(form, errors);
  return (
    <form
      ref={form}
      class="zz-stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const weak = props.problemOf(password);
        const differs = password === again ? null : "Die beiden Eingaben sind nicht gleich.";
        setErrors({ password: weak, again: differs });
        if (!weak && !differs) props.onChosen(password);
      }}
    >
      <PasswordField
        label="Passwort"
        hint={props.hint}
        error={errors.password}
        value={password}
        onInput={setPassword}
        autocomplete={props.autocomplete}
        name={props.name}
        required
      />
      <PasswordField
        label="Passwort wiederholen"
        name={`${props.name}-again`}
        error={errors.again}
        value={again}
        onInput={setAgain}
        autocomplete={props.autocomplete}
        required
      />
      <Button kind="primary" icon={props.icon} type="submit" busy={props.busy}>
        {props.children}
      </Button>
    </form>
  );
}
