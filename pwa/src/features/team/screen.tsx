/** The team: who is in, who waits to be taken in, whose number was compared. */
import { useEffect } from "preact/hooks";
import { type Member, members, problems, profile } from "../../platform/session";
import { syncSoon } from "../../platform/sync_loop";
import { TabScreen } from "../../ui/frame";
import { Sign } from "../../ui/icons";
import { CardList, Empty, Item, Note, Section } from "../../ui/parts";
import { roleLabel } from "../../ui/roles";
import { inOrder, settled, standing, toCompare } from "./model";

/** `/team` */
export function TeamScreen() {
  const all = members.value;
  const mayAdmit = profile.value?.role === "ab_pap" && profile.value.admitted;
  const open = mayAdmit ? toCompare(all) : [];
  const rest = mayAdmit ? settled(all) : inOrder(all);
  // Somebody stands beside her and has just set up a phone: no waiting for the next poll.
  useEffect(() => syncSoon(0), []);
  return (
    <TabScreen name="Team" sub={profile.value?.teamName} back="/mehr">
      {problems.value.map((text) => (
        <Note key={text} tone="stop" title={text}>
          <p class="zz-s">
            Dieser Schlüssel wird nicht verwendet. Bitte vergleichen Sie die Sicherheitsnummer neu.
          </p>
        </Note>
      ))}
      {open.length > 0 && (
        <Section title="Sicherheitsnummer vergleichen" aside={open.length}>
          <CardList>
            {open.map((member) => (
              <Item
                key={member.user}
                icon="personplus"
                tone="wait"
                title={member.displayName}
                note={roleLabel(member.role)}
                href={`/team/${member.user}`}
              >
                <Standing member={member} compares />
              </Item>
            ))}
          </CardList>
        </Section>
      )}
      {mayAdmit && (
        <CardList label="Für den Notfall">
          <Item
            icon="doc"
            title={<>Wieder&shy;herstellungs&shy;blatt</>}
            note="Falls niemand mehr sein Passwort weiß"
            href="/mehr/blatt"
          />
        </CardList>
      )}
      <Section title="Im Team" aside={rest.length}>
        {rest.length === 0 ? (
          <Empty icon="people" title="Das Team ist noch nicht geladen">
            <p class="zz-muted">Sobald eine Verbindung besteht, erscheint es hier.</p>
          </Empty>
        ) : (
          <CardList>
            {rest.map((member) => (
              <Item
                key={member.user}
                icon="person"
                title={member.me ? `${member.displayName} (Sie)` : member.displayName}
                note={roleLabel(member.role)}
                href={
                  mayAdmit && standing(member) === "trusted" ? `/team/${member.user}` : undefined
                }
              >
                <Standing member={member} compares={mayAdmit === true} />
              </Item>
            ))}
          </CardList>
        )}
      </Section>
    </TabScreen>
  );
}

interface StandingProps {
  member: Member;
  /** This person may compare numbers: only then it is hers to know which ones are confirmed. */
  compares: boolean;
}

function Standing({ member, compares }: StandingProps) {
  if (member.role === "admin") return null;
  const state = standing(member);
  if (state === "waits") return <State tone="wait">wartet auf Aufnahme</State>;
  if (!compares) return null;
  if (state === "unchecked")
    return <State tone="wait">auf diesem Telefon noch nicht bestätigt</State>;
  if (state === "trusted") return <State tone="ok">Sicherheitsnummer bestätigt</State>;
  return null;
}

function State({ tone, children }: { tone: "ok" | "wait"; children: string }) {
  return (
    <span class="zz-item__state">
      <Sign tone={tone} />
      {children}
    </span>
  );
}
