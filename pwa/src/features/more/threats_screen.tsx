/** Bedrohungsmodell: who could do what, and what nobody can; counted from the declarations. */
import { THREATS, type Threat } from "@sync/privacy";
import { TabScreen } from "../../ui/frame";
import type { Tone } from "../../ui/icons";
import { Card, Section, Tag } from "../../ui/parts";

/** `/mehr/datenschutz/risiken` */
export function ThreatsScreen() {
  return (
    <TabScreen name="Bedrohungsmodell" back="/mehr/datenschutz">
      <p>Wogegen Zuzweit schützt, und wogegen nicht.</p>
      {THREATS.map((threat) => (
        <Case key={threat.who} threat={threat} />
      ))}
    </TabScreen>
  );
}

function Case({ threat }: { threat: Threat }) {
  return (
    <Section title={threat.who}>
      <Card pad>
        <div class="zz-stack">
          <Points tone="wait" title="Möglich" points={threat.can} />
          <Points tone="ok" title="Nicht möglich" points={threat.cannot} />
        </div>
      </Card>
    </Section>
  );
}

interface PointsProps {
  tone: Tone;
  title: string;
  points: readonly string[];
}

function Points({ tone, title, points }: PointsProps) {
  return (
    <div class="zz-stack zz-stack--s">
      <h3>
        <Tag tone={tone}>{title}</Tag>
      </h3>
      <ul class="zz-points">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
