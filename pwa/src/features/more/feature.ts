/** Mehr: everything that is not needed at a door. */

import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";

const pages = () => import("./pages");

export const more: Feature = {
  name: "more",
  routes: [
    { path: "/mehr", view: lazyScreen(async () => (await pages()).MoreScreen) },
    { path: "/mehr/datenschutz", view: lazyScreen(async () => (await pages()).PrivacyScreen) },
    {
      path: "/mehr/datenschutz/angaben",
      view: lazyScreen(async () => (await pages()).RegisterScreen),
    },
    {
      path: "/mehr/datenschutz/risiken",
      view: lazyScreen(async () => (await pages()).ThreatsScreen),
    },
    { path: "/mehr/anleitung", view: lazyScreen(async () => (await pages()).GuideScreen) },
  ],
  nav: { label: "Mehr", href: "/mehr", icon: "more", order: 90, covers: ["/team"] },
};
