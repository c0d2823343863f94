/** What this phone holds, and whether the browser promised to keep it. */
import { useEffect, useState } from "preact/hooks";
import { askToPersist, type StorageInfo, storageInfo } from "../../platform/storage";
import { status } from "../../platform/sync_loop";
import { useAction } from "../../ui/action";
import { Button } from "../../ui/button";
import { Fact, Facts, Note, Section } from "../../ui/parts";
import { formatBytes, plural } from "../../ui/words";

/** Storage used and protected; **Speicher schützen** asks the browser. */
export function ThisPhone() {
  const [info, setInfo] = useState<StorageInfo | null>(null);
  const [denied, setDenied] = useState(false);
  const { waiting, toClarify } = status.value;
  const protecting = useAction(async () => {
    setDenied(!(await askToPersist()));
    setInfo(await storageInfo());
  });
  useEffect(() => {
    let here = true;
    storageInfo().then((found) => here && setInfo(found), reportError);
    return () => {
      here = false;
    };
  }, []);
  return (
    <Section title="Dieses Telefon">
      <Facts>
        <Fact name="Speicher">{info ? storageText(info) : "wird geprüft …"}</Fact>
        <Fact name="Nur hier">{plural(waiting + toClarify, "# Eintrag", "# Einträge")}</Fact>
      </Facts>
      {info && !info.persisted && (
        <Note
          icon="storage"
          title="Der Browser darf diesen Speicher räumen, wenn der Platz knapp wird"
        >
          {denied && (
            <p role="alert">
              Der Browser hat abgelehnt. Fügen Sie Zuzweit zum Startbildschirm hinzu (unter Mehr)
              und versuchen Sie es dann noch einmal.
            </p>
          )}
          {protecting.problem && <p role="alert">{protecting.problem}</p>}
          <Button busy={protecting.busy} onClick={() => void protecting.run()}>
            Speicher schützen
          </Button>
        </Note>
      )}
    </Section>
  );
}

function storageText({ usedBytes, persisted }: StorageInfo): string {
  const used = usedBytes === null ? "" : `${formatBytes(usedBytes)} belegt, `;
  return `${used}${persisted ? "geschützt" : "nicht geschützt"}`;
}
