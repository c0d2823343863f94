/** Datenschutz: what this phone keeps, what the server sees, who can read. Only what is so. */
import type { ComponentChildren } from "preact";
import { TabScreen } from "../../ui/frame";
import { Card, CardList, Item, Section } from "../../ui/parts";

/** `/mehr/datenschutz` */
export function PrivacyScreen() {
  return (
    <TabScreen name="Datenschutz" back="/mehr">
      <CardList label="Genauer">
        <Item
          icon="doc"
          title="Verzeichnis der Angaben"
          note="Jede Angabe: versiegelt oder offen, und warum"
          href="/mehr/datenschutz/angaben"
        />
        <Item
          icon="shield2"
          title="Bedrohungsmodell"
          note="Wer was könnte, und was niemand kann"
          href="/mehr/datenschutz/risiken"
        />
      </CardList>
      <Topic title="Was versiegelt ist">
        <p>
          Namen, Anschriften, Telefonnummern, Notizen, Orte und Ergebnisse werden auf dem Telefon
          versiegelt, bevor sie es verlassen. Lesen können sie nur die aB-pAp Ihres Teams, und von
          einem übergebenen Fall das Nötige die Vertretung, bis zum letzten Tag.
        </p>
      </Topic>
      <Topic title="Was der Server sieht">
        <p>
          Die Nummer eines Falls (U25-…), seine Art, wer ihn betreut, die Tage, an denen eine Frist
          oder Erinnerung hängt, ob in VerBIS noch etwas nachzutragen ist, und wann welches Telefon
          etwas gesendet hat. Keine Namen, keine Notizen. Auch in einer gestohlenen Sicherung steht
          nicht mehr.
        </p>
      </Topic>
      <Topic title="Was auf diesem Telefon liegt">
        <p>
          Dieselben versiegelten Einträge, damit alles ohne Verbindung geht. Lesbar sind sie nur
          zwischen Entsperren und Sperren. Nach einigen Minuten ohne Berührung sperrt sich Zuzweit
          von selbst.
        </p>
      </Topic>
      <Topic title="Ihr Passwort">
        <p>
          Es verlässt das Telefon nie. Niemand kann es nachsehen oder zurücksetzen; wer es vergisst,
          wird neu eingeladen und vom Team neu aufgenommen. Haben Sie „Mit Fingerabdruck entsperren“
          eingerichtet, öffnet Zuzweit auf diesem Telefon auch, wer das Telefon selbst entsperren
          kann.
        </p>
      </Topic>
      <Topic title="Was Sie festhalten">
        <p>
          Nur, was für die Beratung nötig ist. Die Person kann Auskunft über alles verlangen, was
          über sie gespeichert ist, auch über Ihre Notizen. Führend bleibt VerBIS.
        </p>
      </Topic>
    </TabScreen>
  );
}

function Topic({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Section title={title}>
      <Card pad>{children}</Card>
    </Section>
  );
}
