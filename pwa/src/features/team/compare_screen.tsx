/** Two people read each other their safety number; only then are keys handed over. */

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { type Member, members, profile } from "../../platform/session";
import { admit } from "../../platform/vouching";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { TaskScreen } from "../../ui/frame";
import { Empty, Note } from "../../ui/parts";
import { roleLabel } from "../../ui/roles";
import { Differs } from "./differs";
import { meaning, standing } from "./model";
import { SafetyNumber } from "./safety_number";

/** `/team/:id`, with the other person's id */
export function CompareScreen({ id }: { id?: string | undefined }) {
  const member = members.value.find((one) => one.user === id && !one.me);
  if (!member) {
    return (
      <TaskScreen name="Sicherheitsnummer" back="/team">
        <Empty icon="people" title="Diese Person gehört nicht zu Ihrem Team" />
      </TaskScreen>
    );
  }
  return <Compare member={member} />;
}

function Compare({ member }: { member: Member }) {
  const { route } = useLocation();
  const [shown, setShown] = useState(false);
  const [differs, setDiffers] = useState(false);
  const known = standing(member) === "trusted";
  const mayAdmit = profile.value?.role === "ab_pap" && profile.value.admitted;
  const agreeing = useAction(async () => {
    await admit(member.user);
    say(`${member.displayName} ist aufgenommen`);
    route("/team");
  });
  return (
    <TaskScreen
      name="Sicherheitsnummer"
      heading={<>Sicherheits&shy;nummer vergleichen</>}
      sub={`mit ${member.displayName}, ${roleLabel(member.role)}`}
      back="/team"
      dock={
        mayAdmit &&
        !known &&
        shown &&
        (differs ? (
          <Button kind="primary" onClick={() => setDiffers(false)}>
            Noch einmal vergleichen
          </Button>
        ) : (
          <>
            <Button kind="tertiary" onClick={() => setDiffers(true)}>
              Stimmt nicht überein
            </Button>
            <Button
              kind="primary"
              icon="check"
              busy={agreeing.busy}
              onClick={() => void agreeing.run()}
            >
              {agreeing.busy ? "Wird bestätigt …" : "Stimmt überein"}
            </Button>
          </>
        ))
      }
    >
      {agreeing.problem && <Note tone="stop" alert title={agreeing.problem} />}
      {differs && <Differs name={member.displayName} />}
      <p>
        Lesen Sie sich die Nummer gegenseitig vor, am besten nebeneinander oder am Telefon, nicht
        als Nachricht. {member.displayName} findet sie auf dem eigenen Telefon.
      </p>
      <SafetyNumber user={member.user} onShown={() => setShown(true)} />
      {known ? (
        <Note tone="ok" title="Diese Nummer ist bestätigt" />
      ) : (
        <Note icon="key" title="Was „Stimmt überein“ bewirkt">
          <p>
            Sie bestätigen mit Ihrer Unterschrift, dass die Schlüssel wirklich {member.displayName}{" "}
            gehören. {meaning(member)}
          </p>
        </Note>
      )}
    </TaskScreen>
  );
}
