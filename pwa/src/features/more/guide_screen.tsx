/** Anleitung: the main job and what to do when something is different, on one page. */
import type { ComponentChildren } from "preact";
import { profile } from "../../platform/session";
import { TabScreen } from "../../ui/frame";
import type { IconName } from "../../ui/icons";
import { Disc, Section } from "../../ui/parts";

/** `/mehr/anleitung` */
export function GuideScreen() {
  return (
    <TabScreen name="Anleitung" back="/mehr">
      {profile.value?.role === "ab_pap" && <Counselling />}
      <Section title="Immer gut zu wissen">
        <ul class="zz-card">
          <Step icon="cloud-check" title="Ist alles gesichert?">
            Oben steht es auf jedem Bildschirm. „Alles gesichert“ heißt: Der Server hat jeden
            Eintrag angenommen.
          </Step>
          <Step icon="cloud-off" title="Ohne Verbindung">
            Arbeiten Sie einfach weiter. Einträge warten auf diesem Telefon und gehen von selbst
            hinaus, sobald es wieder eine Verbindung gibt.
          </Step>
          <Step icon="sos" title="Ein Eintrag ist zu klären">
            Tippen Sie oben darauf. Dort steht der Grund, und Sie entscheiden: erneut senden oder
            verwerfen. Verloren geht nichts von selbst.
          </Step>
          <Step icon="people" title="pAp und aB-pAp">
            Persönliche Ansprechperson im Jobcenter; mit „aB“ die für die aufsuchende Beratung.
          </Step>
          <Step icon="lock" title="Sperren">
            Mit dem Schloss oben rechts, bevor Sie das Telefon aus der Hand geben. Begonnene
            Eingaben bleiben als Entwurf erhalten.
          </Step>
          <Step icon="finger" title="An der Tür entsperren">
            Unter Mehr lässt sich „Mit Fingerabdruck entsperren“ einrichten; das geht auch ohne
            Verbindung. Ihr Passwort gilt weiter.
          </Step>
        </ul>
      </Section>
    </TabScreen>
  );
}

function Counselling() {
  return (
    <Section title="Der Alltag">
      <ul class="zz-card">
        <Step icon="talk" title="Kontakt festhalten">
          Fall, Ort und Ergebnis antippen, dann Speichern. Alles andere hat Zeit und lässt sich
          später ergänzen.
        </Step>
        <Step icon="edit" title="Schnellnotiz">
          Geht auf der Sperre, ohne zu entsperren: schreiben, dann Versiegeln. Nach dem Entsperren
          steht sie auf Heute; mit „Fall zuordnen“ wird ein Kontakt daraus.
        </Step>
        <Step icon="search" title="Einen Fall finden">
          Unter Fälle den Namen oder die U25-Nummer eingeben. Die Suche geht auch ohne Verbindung.
        </Step>
        <Step icon="doc" title="Viele Fälle auf einmal">
          Unter Mehr „Liste einlesen“ wählen. Die Datei wird auf dem Telefon gelesen; gespeichert
          werden alle ausgewählten Personen oder keine.
        </Step>
        <Step icon="personplus" title="Jemanden aufnehmen">
          Unter Mehr, Team die Person öffnen, die Sicherheitsnummer miteinander vergleichen und nur
          dann „Stimmt überein“ wählen, wenn alle zehn Gruppen gleich sind.
        </Step>
      </ul>
    </Section>
  );
}

interface StepProps {
  icon: IconName;
  title: string;
  children: ComponentChildren;
}

function Step({ icon, title, children }: StepProps) {
  return (
    <li>
      <div class="zz-item zz-item--text">
        <Disc icon={icon} />
        <span class="zz-item__t">
          <b>{title}</b>
          <small>{children}</small>
        </span>
      </div>
    </li>
  );
}
