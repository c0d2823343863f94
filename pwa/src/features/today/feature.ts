/** What Heute hands to the app. */
import type { Feature } from "../../ui/feature";
import { COUNSELLING } from "../../ui/roles";
import { TodayScreen } from "./screen";

export const today: Feature = {
  name: "today",
  roles: COUNSELLING,
  nav: { label: "Heute", href: "/heute", icon: "home", order: 10 },
  routes: [{ path: "/heute", view: TodayScreen }],
};
