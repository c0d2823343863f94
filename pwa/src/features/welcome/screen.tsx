/** The first screen of everybody who does not counsel: what is here for her, and what is not. */
import type { ComponentChildren } from "preact";
import { members, profile } from "../../platform/session";
import { useNow } from "../../ui/clock";
import { dayOf, formatLongDay } from "../../ui/dates";
import { TabScreen } from "../../ui/frame";
import type { IconName } from "../../ui/icons";
import { CardList, Empty, Item, Note, Section } from "../../ui/parts";
import { plural } from "../../ui/words";

interface Welcome {
  icon: IconName;
  title: string;
  text: ComponentChildren;
}

const welcomes: Record<"team_leader" | "admin", Welcome> = {
  team_leader: {
    icon: "shield2",
    title: "Für Sie liegt zurzeit nichts vor",
    text: (
      <>
        Die aB-pAp arbeiten mit versiegelten Fällen. Auch die Teamleitung sieht hier keine Namen und
        keine Notizen.
      </>
    ),
  },
  admin: {
    icon: "key",
    title: "Sie verwalten das Team, nicht die Fälle",
    text: (
      <>
        Konten, Geräte und Einstellungen stehen in der Verwaltung. Einen Schlüssel zu Fällen haben
        Sie nicht, auch nicht zur Sicherung.
      </>
    ),
  },
};

/** `/heute` for team leader and admin */
export function WelcomeScreen() {
  const role = profile.value?.role === "team_leader" ? "team_leader" : "admin";
  const { icon, title, text } = welcomes[role];
  return (
    <TabScreen name="Heute" aside={formatLongDay(dayOf(useNow()))}>
      <Empty icon={icon} title={title}>
        <p class="zz-muted">{text}</p>
      </Empty>
      {role === "admin" ? <Accounts /> : <NextSteps />}
    </TabScreen>
  );
}

function NextSteps() {
  return (
    <Section title="Was Sie tun können">
      <CardList>
        <Item icon="people" title="Team" note="Wer dazugehört" href="/team" />
        <Item
          icon="shield2"
          title="Datenschutz"
          note="Was dieses Telefon weiß und wer was lesen kann"
          href="/mehr/datenschutz"
        />
      </CardList>
    </Section>
  );
}

/** Where the server renders the office: another page, which needs a connection. */
const OFFICE = "/verwaltung/";

function Accounts() {
  const waiting = members.value.filter((one) => !one.admitted && one.role !== "admin").length;
  return (
    <Section title="Konten">
      {/* To the whole window: the app's own router leaves such a link to the browser. */}
      <a class="kern-btn kern-btn--primary zz-btn" href={OFFICE} target="_top">
        <span class="kern-label">Verwaltung öffnen</span>
      </a>
      <CardList>
        <Item
          icon="people"
          title="Team"
          note={plural(members.value.length, "# Person", "# Personen")}
          href="/team"
        />
      </CardList>
      {waiting > 0 && (
        <Note
          tone="wait"
          title={plural(waiting, "# Person wartet auf Aufnahme", "# Personen warten auf Aufnahme")}
        >
          <p>Eine aB-pAp nimmt sie auf, nachdem beide ihre Sicherheitsnummer verglichen haben.</p>
        </Note>
      )}
    </Section>
  );
}
