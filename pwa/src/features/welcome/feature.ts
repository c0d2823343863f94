/** The first screen of those who do not counsel. */

import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";

export const welcome: Feature = {
  name: "welcome",
  roles: ["team_leader", "admin"],
  routes: [
    {
      path: "/heute",
      view: lazyScreen(async () => (await import("./screen")).WelcomeScreen),
    },
  ],
  nav: { label: "Heute", href: "/heute", icon: "home", order: 10 },
};
