/** The table of contents: what the app consists of. Behind the lock, which knows nothing of it. */
import { cases } from "../features/cases/feature";
import { handovers } from "../features/handovers/feature";
import { more } from "../features/more/feature";
import { session } from "../features/session/feature";
import { synchronisation } from "../features/synchronisation/feature";
import { team } from "../features/team/feature";
import { today } from "../features/today/feature";
import { visits } from "../features/visits/feature";
import { welcome } from "../features/welcome/feature";
import type { Feature } from "../ui/feature";

export const allFeatures: readonly Feature[] = [
  today,
  welcome,
  cases,
  visits,
  handovers,
  synchronisation,
  team,
  session,
  more,
];
