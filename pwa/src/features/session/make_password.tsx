/** The password of a newcomer: five words offered once and typed again, or an own long one. */
import { useEffect, useRef, useState } from "preact/hooks";
import { canonicalPassword, generatePassword, passwordProblem } from "../../platform/passwords";
import { acceptInvitation } from "../../platform/session";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { PasswordField, useFocusInvalid, useRequired } from "../../ui/fields";
import { OwnPassword, PasswordKind } from "../../ui/own_password";
import { Note, Section } from "../../ui/parts";
import { strangerText } from "./model";

interface MakePasswordProps {
  token: string;
  onDone: () => void;
}

/** Lets the person choose and confirm a password, then makes her account on this phone. */
export function MakePassword({ token, onDone }: MakePasswordProps) {
  const [own, setOwn] = useState(false);
  const accepting = useAction(async (password: string) => {
    await acceptInvitation(token, password);
    onDone();
  });
  return (
    <Section title="Ihr Passwort">
      <div class="zz-stack">
        <Note icon="key" title="Das Passwort öffnet alles, was auf diesem Telefon versiegelt ist">
          <p class="zz-s">
            Der Server kennt es nicht und niemand kann es nachsehen. Wer es vergisst, bekommt eine
            neue Einladung und wird vom Team neu aufgenommen.
          </p>
        </Note>
        <PasswordKind own={own} onChange={setOwn} />
        {accepting.problem && (
          <Note tone="stop" alert title={strangerText(accepting.error, accepting.problem)} />
        )}
        <NewPassword own={own} busy={accepting.busy} onChosen={accepting.run}>
          {accepting.busy ? "Schlüssel werden erzeugt …" : "Konto einrichten"}
        </NewPassword>
      </div>
    </Section>
  );
}

interface ChoiceProps {
  busy: boolean;
  onChosen: (password: string) => void;
  /** The words on the button. */
  children: string;
}

/** An own password typed twice, or five words offered once and typed again. */
export function NewPassword({ own, ...choice }: ChoiceProps & { own: boolean }) {
  if (!own) return <FiveWords {...choice} />;
  return (
    <OwnPassword
      hint="Mindestens 14 Zeichen. Ein ganzer Satz ist leicht zu merken."
      problemOf={passwordProblem}
      autocomplete="new-password"
      name="password"
      {...choice}
    />
  );
}

function FiveWords(choice: ChoiceProps) {
  const [words, setWords] = useState(generatePassword);
  const [noted, setNoted] = useState(false);
  if (noted) return <ConfirmWords words={words} onBack={renew} {...choice} />;

  // Shown once: whoever goes back gets new words.
  function renew() {
    setWords(generatePassword());
    setNoted(false);
  }
  return (
    <>
      <p>
        Schreiben Sie diese fünf erfundenen Wörter auf und bewahren Sie sie getrennt vom Telefon
        auf. Ob Sie beim Eingeben Bindestriche oder Leerzeichen setzen, ist gleich.
      </p>
      <p class="zz-words" translate={false}>
        {words}
      </p>
      <Button kind="primary" onClick={() => setNoted(true)}>
        Ich habe die Wörter notiert
      </Button>
      <Button kind="tertiary" icon="sync" onClick={renew}>
        Neue Wörter
      </Button>
    </>
  );
}

interface ConfirmWordsProps extends ChoiceProps {
  words: string;
  onBack: () => void;
}

function ConfirmWords({ words, busy, onChosen, onBack, children }: ConfirmWordsProps) {
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const required = useRequired(form);
  useFocusInvalid(form, error);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      ref={form}
      class="zz-stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!required.filled(typed)) return;
        if (canonicalPassword(typed) === words) onChosen(words);
        else setError("Das sind nicht dieselben Wörter. Bitte vergleichen Sie mit Ihrer Notiz.");
      }}
    >
      <PasswordField
        label="Passwort wiederholen"
        hint="Bitte geben Sie die fünf Wörter aus Ihrer Notiz ein."
        error={required.says(typed, "Bitte geben Sie die fünf Wörter ein.") ?? error}
        inputRef={field}
        value={typed}
        onInput={(text) => {
          setTyped(text);
          setError(null);
        }}
        autocomplete="new-password"
        required
      />
      <Button kind="primary" type="submit" busy={busy}>
        {children}
      </Button>
      <Button kind="tertiary" onClick={onBack}>
        Neue Wörter
      </Button>
    </form>
  );
}
