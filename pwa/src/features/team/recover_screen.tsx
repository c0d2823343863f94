/** Everybody has forgotten her password: the words of the sheet open the team's keys. */
import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { recoverWith } from "../../platform/recovery";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { TextArea, useRequired } from "../../ui/fields";
import { TaskScreen } from "../../ui/frame";
import { Note } from "../../ui/parts";

/** `/mehr/wiederherstellen` */
export function RecoverScreen() {
  const { route } = useLocation();
  const [words, setWords] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const required = useRequired(form);
  const recovering = useAction(async () => {
    await recoverWith(words);
    say("Die Schlüssel des Teams sind geöffnet", "key");
    route("/heute");
  });
  return (
    <TaskScreen name="Wiederherstellen" back="/heute">
      <p>
        Nur wenn niemand im Team mehr sein Passwort weiß: Geben Sie die zwölf Wörter vom Blatt aus
        dem Tresor ein. Damit lesen Sie alle Fälle und können andere wieder aufnehmen.
      </p>
      {recovering.problem && <Note tone="stop" alert title={recovering.problem} />}
      <form
        ref={form}
        class="zz-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (required.filled(words)) void recovering.run();
        }}
      >
        <TextArea
          label="Die zwölf Wörter"
          hint="Groß oder klein, mit Leerzeichen oder Bindestrichen."
          error={required.says(words, "Bitte geben Sie die zwölf Wörter ein.")}
          value={words}
          onInput={setWords}
        />
        <Button kind="primary" type="submit" icon="key" busy={recovering.busy}>
          {recovering.busy ? "Schlüssel werden geöffnet …" : "Wiederherstellen"}
        </Button>
      </form>
    </TaskScreen>
  );
}
