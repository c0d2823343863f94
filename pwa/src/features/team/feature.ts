/** Team: who is in, and how somebody is taken in. */

import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";
import { Newcomers, Renewal, SheetForgotten } from "./today_section";

const pages = () => import("./pages");

export const team: Feature = {
  name: "team",
  today: [
    { order: 0, always: true, view: Renewal },
    { order: 1, always: true, view: Newcomers },
    { order: 2, always: true, view: SheetForgotten },
  ],
  routes: [
    {
      path: "/mehr/blatt",
      view: lazyScreen(async () => (await pages()).SheetScreen),
    },
    {
      path: "/mehr/wiederherstellen",
      view: lazyScreen(async () => (await pages()).RecoverScreen),
    },
    { path: "/team", view: lazyScreen(async () => (await pages()).TeamScreen) },
    {
      path: "/team/:id",
      view: lazyScreen(async () => (await pages()).CompareScreen),
    },
  ],
};
