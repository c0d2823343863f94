/** Verzeichnis der Angaben: everything the server holds, column by column, from the declarations. */
import { EVERY_ROW, OWN, type Register, SHARED, type Told } from "@sync/privacy";
import { More } from "../../ui/fields";
import { TabScreen } from "../../ui/frame";
import { Card, Section } from "../../ui/parts";
import { plural } from "../../ui/words";

/** `/mehr/datenschutz/angaben` */
export function RegisterScreen() {
  return (
    <TabScreen name="Verzeichnis der Angaben" back="/mehr/datenschutz">
      <p>
        Offen liegt nur, was eine Arbeit oder Prüfung des Servers liest. Alles andere ist auf dem
        Telefon versiegelt, bevor es das Telefon verlässt. „Auch Vertretung“: sieht von einem
        übergebenen Fall, wer ihn in Vertretung hat.
      </p>
      {Object.entries(SHARED).map(([name, register]) => (
        <Shared key={name} register={register} />
      ))}
      <Section title="Was der Server für sich führt">
        <p class="zz-muted">
          Namen, Notizen oder Orte von Fällen stehen in keiner dieser Tabellen.
        </p>
        {[EVERY_ROW, ...Object.values(OWN)].map((register) => (
          <Own key={register.title} register={register} />
        ))}
      </Section>
    </TabScreen>
  );
}

function Shared({ register }: { register: Register }) {
  const columns = Object.values(register.columns);
  const sealed = columns.filter((told) => told.sealed);
  const clear = columns.filter((told) => !told.sealed);
  return (
    <Section title={register.title}>
      <p class="zz-muted">{register.purpose}</p>
      <Section title={`${register.title}: ${howMany(clear)} offen`} level={3}>
        <ul class="zz-card">
          {clear.map((told) => (
            <Clear key={told.meaning} told={told} />
          ))}
        </ul>
      </Section>
      <Section title={`${register.title}: ${howMany(sealed)} versiegelt`} level={3}>
        <Card pad>
          <ul class="zz-points">
            {sealed.map((told) => (
              <li key={told.meaning}>
                {told.meaning}
                {told.shared && <span class="zz-muted"> · auch Vertretung</span>}
              </li>
            ))}
          </ul>
        </Card>
      </Section>
    </Section>
  );
}

function howMany(columns: readonly Told[]): string {
  return plural(columns.length, "# Angabe", "# Angaben");
}

/** Why it lies there in clear is the point of this page. */
function Clear({ told }: { told: Told }) {
  return (
    <li class="zz-item zz-item--text">
      <span class="zz-item__t">
        <b>{told.meaning}</b>
        <small>
          {told.why}
          {told.shared && " · auch Vertretung"}
        </small>
      </span>
    </li>
  );
}

function Own({ register }: { register: Register }) {
  return (
    <More title={register.title} note={register.purpose}>
      <ul class="zz-points">
        {Object.entries(register.columns).map(([name, told]) => (
          <li key={name}>{told.meaning}</li>
        ))}
      </ul>
    </More>
  );
}
