/** A newcomer waits: her number and a colleague's must be compared before she sees anything. */
import { useState } from "preact/hooks";
import { type Member, members, profile } from "../../platform/session";
import { status, syncNow } from "../../platform/sync_loop";
import { admit } from "../../platform/vouching";
import { useAction } from "../../ui/action";
import { say } from "../../ui/announce";
import { Button } from "../../ui/button";
import { Chip, ChipGroup } from "../../ui/chips";
import { TabScreen } from "../../ui/frame";
import { Empty, Note } from "../../ui/parts";
import { roleLabel } from "../../ui/roles";
import { Differs } from "./differs";
import { sponsors } from "./model";
import { SafetyNumber } from "./safety_number";

/** In the place of Heute until somebody has taken this person in. */
export function WaitingScreen() {
  const [chosen, setChosen] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const colleagues = sponsors(members.value);
  const partner = colleagues.find((one) => one.user === chosen) ?? colleagues[0];
  return (
    <TabScreen
      name="Aufnahme"
      heading="Warten auf Aufnahme"
      sub={profile.value?.teamName}
      dock={dockFor(partner, shown === partner?.user)}
    >
      <p>
        Ihr Konto ist eingerichtet. Damit niemand anderes an Ihrer Stelle Schlüssel bekommt,
        vergleichen Sie jetzt mit einer Person aus dem Team die Sicherheitsnummer.
      </p>
      {!partner && <NobodyYet />}
      {partner && colleagues.length > 1 && (
        <ChipGroup legend="Mit wem vergleichen Sie?">
          {colleagues.map((one) => (
            <Chip
              key={one.user}
              name="partner"
              value={one.user}
              checked={one === partner}
              onChange={() => setChosen(one.user)}
            >
              {one.displayName}
            </Chip>
          ))}
        </ChipGroup>
      )}
      {partner && <WithPartner partner={partner} onShown={() => setShown(partner.user)} />}
      {profile.value?.role === "ab_pap" && (
        <p class="zz-s">
          Niemand im Team weiß mehr sein Passwort?{" "}
          <a href="/mehr/wiederherstellen">Mit Wiederherstellungsblatt</a>
        </p>
      )}
    </TabScreen>
  );
}

/** Nobody can agree to a number that is not on the screen yet. */
function dockFor(partner: Member | undefined, shown: boolean) {
  if (!partner) return <LookAgain />;
  return shown || partner.trusted ? <Agree key={partner.user} partner={partner} /> : null;
}

function WithPartner({ partner, onShown }: { partner: Member; onShown: () => void }) {
  return (
    <>
      <p>
        {partner.displayName} öffnet <b class="zz-b">Mehr</b>, <b class="zz-b">Team</b> und dort
        Ihren Namen. Lesen Sie sich die Nummer gegenseitig vor.
      </p>
      <SafetyNumber user={partner.user} onShown={onShown} />
      {partner.trusted && (
        <Note tone="ok" title="Sie haben zugestimmt">
          <p>
            Sobald auch {partner.displayName} „Stimmt überein“ gewählt hat, geht es von selbst
            weiter.
          </p>
        </Note>
      )}
    </>
  );
}

function Agree({ partner }: { partner: Member }) {
  const [differs, setDiffers] = useState(false);
  const agreeing = useAction(() => admit(partner.user));
  if (partner.trusted) return <LookAgain />;
  if (differs) {
    return (
      <>
        <Differs name={partner.displayName} />
        <Button kind="primary" onClick={() => setDiffers(false)}>
          Noch einmal vergleichen
        </Button>
      </>
    );
  }
  return (
    <>
      {agreeing.problem && <Note tone="stop" alert title={agreeing.problem} />}
      <p class="zz-dock__hint">
        Sie bestätigen damit, dass die Schlüssel wirklich {partner.displayName} gehören (
        {roleLabel(partner.role)}).
      </p>
      <Button kind="tertiary" onClick={() => setDiffers(true)}>
        Stimmt nicht überein
      </Button>
      <Button kind="primary" icon="check" busy={agreeing.busy} onClick={() => void agreeing.run()}>
        {agreeing.busy ? "Wird bestätigt …" : "Stimmt überein"}
      </Button>
    </>
  );
}

function LookAgain() {
  const looking = useAction(async () => {
    await syncNow();
    if (!status.peek().reachable) say("Keine Verbindung. Es wird von selbst weiter versucht.");
  });
  return (
    <>
      {looking.problem && <Note tone="stop" alert title={looking.problem} />}
      <Button kind="secondary" icon="sync" busy={looking.busy} onClick={() => void looking.run()}>
        {looking.busy ? "Wird nachgesehen …" : "Jetzt nachsehen"}
      </Button>
    </>
  );
}

function NobodyYet() {
  return (
    <Empty icon="people" title="Noch niemand da, mit dem Sie vergleichen können">
      <p class="zz-muted">
        Zuerst muss eine aB-pAp Ihres Teams eingerichtet sein, und dieses Telefon braucht einmal
        eine Verbindung.
      </p>
    </Empty>
  );
}
