/** Fields: label above, hint and error below and linked; nothing is kept by the browser. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { IconButton } from "./button";
import { Icon } from "./icons";
import { formatNumber } from "./words";

interface FieldProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | null | undefined;
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

/** Puts the focus on the first field with an error, whenever `errors` changes. */
export function useFocusInvalid(form: RefObject<HTMLFormElement | null>, errors: unknown): void {
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [form, errors]);
}

/** The sentence for an empty password field. */
export const PASSWORD_MISSING = "Bitte geben Sie Ihr Passwort ein.";

/** Says itself what is missing in a form with `noValidate`: the browser would say it informally. */
export function useRequired(form: RefObject<HTMLFormElement | null>) {
  const [tries, setTries] = useState(0);
  useFocusInvalid(form, tries);
  return {
    /** The sentence for a field, when it was empty at the last try and still is. */
    says: (value: string, sentence: string) => (tries > 0 && value === "" ? sentence : null),
    /** A try: whether everything is filled in. */
    filled: (...values: string[]) => {
      const all = values.every((value) => value !== "");
      setTries(all ? 0 : tries + 1);
      return all;
    },
  };
}

// A password is never cut: it would not be the one somebody wrote down.
const LINE_LENGTH = 120;
const TEXT_LENGTH = 4000;

/** A full field takes no more, and says so: else the end of a pasted text would be lost unseen. */
function full(value: string, most: number): string | undefined {
  return value.length < most
    ? undefined
    : `Mehr als ${formatNumber(most)} Zeichen passen hier nicht hinein.`;
}

/** Label, hint and error around any control; the control takes the wiring it is handed. */
export function Field({
  label,
  hint,
  error,
  control,
}: FieldProps & { control: (wiring: Wiring) => ComponentChildren }) {
  const id = useId();
  const described = [hint !== undefined && `${id}-h`, error && `${id}-e`].filter(Boolean).join(" ");
  return (
    <div class="zz-field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="zz-hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      {control({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p class="zz-error" id={`${id}-e`}>
          <Icon name="warn" small />
          {error}
        </p>
      )}
    </div>
  );
}

// Preact types every kind of input apart; which of ours it is turns out at run time only.
function plain(type: string | undefined): "text" {
  return (type ?? "text") as "text";
}

export interface TextFieldProps extends FieldProps {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "tel" | "date" | "time" | "datetime-local" | "number" | undefined;
  name?: string | undefined;
  /** Only sign-in fields set it; case text is never offered again by the browser. */
  autocomplete?: "off" | "username" | undefined;
  required?: boolean | undefined;
  min?: string | undefined;
  max?: string | undefined;
  capitalize?: "none" | "words" | "sentences" | undefined;
  spellcheck?: boolean | undefined;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
}

/** A line of text, a day or a time. */
export function TextField(props: TextFieldProps) {
  return (
    <Field
      label={props.label}
      hint={full(props.value, LINE_LENGTH) ?? props.hint}
      error={props.error}
      control={(wiring) => (
        <input
          {...wiring}
          ref={props.inputRef}
          class="zz-input"
          type={plain(props.type)}
          name={props.name}
          value={props.value}
          required={props.required}
          maxLength={LINE_LENGTH}
          min={props.min}
          max={props.max}
          autocomplete={props.autocomplete ?? "off"}
          autocapitalize={props.capitalize ?? "sentences"}
          spellcheck={props.spellcheck ?? false}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

export interface TextAreaProps extends FieldProps {
  value: string;
  onInput: (value: string) => void;
  name?: string | undefined;
  rows?: number | undefined;
}

/** Several lines of text; grows with what is written. */
export function TextArea(props: TextAreaProps) {
  return (
    <Field
      label={props.label}
      hint={full(props.value, TEXT_LENGTH) ?? props.hint}
      error={props.error}
      control={(wiring) => (
        <textarea
          {...wiring}
          class="zz-input zz-input--text"
          name={props.name}
          rows={props.rows ?? 3}
          maxLength={TEXT_LENGTH}
          value={props.value}
          autocomplete="off"
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}

export interface SelectProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  name?: string | undefined;
  options: readonly { value: string; label: string }[];
}

/** One of a list that is too long for chips. */
export function Select(props: SelectProps) {
  return (
    <Field
      label={props.label}
      hint={props.hint}
      error={props.error}
      control={(wiring) => (
        <select
          {...wiring}
          class="zz-input"
          name={props.name}
          value={props.value}
          autocomplete="off"
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          {props.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    />
  );
}

export interface PasswordFieldProps extends FieldProps {
  value: string;
  onInput: (value: string) => void;
  /** current-password to sign in or unlock, new-password when one is made. */
  autocomplete: "current-password" | "new-password" | "off";
  name?: string | undefined;
  required?: boolean | undefined;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
}

/** A password with the eye „Passwort anzeigen“. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={props.label}
      hint={props.hint}
      error={props.error}
      control={(wiring) => (
        <div class="zz-pw">
          <input
            {...wiring}
            ref={props.inputRef}
            class="zz-input"
            type={plain(shown ? "text" : "password")}
            name={props.name ?? "password"}
            value={props.value}
            required={props.required}
            autocomplete={props.autocomplete}
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
          <IconButton
            icon={shown ? "eye-off" : "eye"}
            label="Passwort anzeigen"
            pressed={shown}
            controls={wiring.id}
            onClick={() => setShown(!shown)}
          />
        </div>
      )}
    />
  );
}

export interface SearchFieldProps {
  /** The accessible name; the placeholder is only an example. */
  label: string;
  placeholder?: string | undefined;
  value: string;
  onInput: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
}

/** A search over what is on this phone. */
export function SearchField({ label, placeholder, value, onInput, inputRef }: SearchFieldProps) {
  return (
    <div class="zz-search">
      <Icon name="search" />
      <input
        ref={inputRef}
        class="zz-input"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

export interface CheckRowProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  name?: string | undefined;
  note?: ComponentChildren;
  children: ComponentChildren;
}

/** A row to tick; the whole row reacts. */
export function CheckRow({ checked, onChange, name, note, children }: CheckRowProps) {
  return (
    <label class="zz-check">
      <input
        type="checkbox"
        name={name}
        checked={checked}
        autocomplete="off"
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="zz-item__t">
        <span>{children}</span>
        {note !== undefined && <small>{note}</small>}
      </span>
    </label>
  );
}

export interface MoreProps {
  title: ComponentChildren;
  note?: ComponentChildren;
  open?: boolean | undefined;
  onToggle?: ((open: boolean) => void) | undefined;
  children: ComponentChildren;
}

/** Further fields, folded away until wanted. */
export function More({ title, note, open, onToggle, children }: MoreProps) {
  return (
    <details
      class={"zz-more"}
      open={open}
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
    >
      <summary>
        <span class="zz-item__t">
          {title}
          {note !== undefined && <small>{note}</small>}
        </span>
        <Icon name="down" />
      </summary>
      <div class="zz-more__in">{children}</div>
    </details>
  );
}
