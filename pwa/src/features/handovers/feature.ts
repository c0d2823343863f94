/** What handovers hand to the app: the form, the section of a case, the decision on late work. */
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";
import { COUNSELLING } from "../../ui/roles";
import { Handovers } from "./case_section";
import { LateWorkReminder } from "./today_sections";

export const handovers: Feature = {
  name: "handovers",
  roles: COUNSELLING,
  entries: { handed_case: { label: "Vertretung", icon: "handover" } },
  routes: [
    {
      path: "/faelle/:id/uebergeben",
      view: lazyScreen(async () => (await import("./form_screen")).HandoverScreen),
    },
    {
      path: "/spaete-eintraege",
      view: lazyScreen(async () => (await import("./late_screen")).LateWorkScreen),
    },
  ],
  today: [{ order: 25, view: LateWorkReminder }],
  inCase: [{ order: 40, view: Handovers }],
};
