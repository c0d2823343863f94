/** What cases hand to the app: list, case and form, and the reminders on Heute. */
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";
import { COUNSELLING } from "../../ui/roles";
import { caseDraftPlace } from "./draft_keys";
import { CaseDraftWhose } from "./draft_whose";
import { CasesScreen } from "./screen";
import { Reminders } from "./today_sections";

// Wanted seldom: fetched when asked for, not with every start.
const pages = () => import("./pages");
const NewCase = lazyScreen(async () => (await pages()).NewCaseScreen);
const EditCase = lazyScreen(async () => (await pages()).EditCaseScreen);
const ImportList = lazyScreen(async () => (await import("./lists/import_screen")).ImportScreen);
const ExportLists = lazyScreen(async () => (await import("./lists/export_screen")).ExportScreen);

export const cases: Feature = {
  name: "cases",
  roles: COUNSELLING,
  entries: { client_case: { label: "Fall", icon: "person", href: (id) => `/faelle/${id}` } },
  nav: { label: "Fälle", href: "/faelle", icon: "people", order: 20 },
  routes: [
    { path: "/faelle", view: CasesScreen },
    { path: "/faelle/neu", view: NewCase },
    { path: "/faelle/einlesen", view: ImportList },
    { path: "/faelle/ausgeben", view: ExportLists },
    { path: "/faelle/:id", view: CasesScreen },
    { path: "/faelle/:id/bearbeiten", view: EditCase },
  ],
  today: [{ order: 30, view: Reminders }],
  draft: caseDraftPlace,
  whose: CaseDraftWhose,
};
