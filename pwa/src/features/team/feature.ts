/** Team: who is in, and how somebody is taken in. */

import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";
import { Newcomers, Renewal, SheetForgotten } from "./today_section";

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
      view: lazyScreen(async () => (await import("./sheet_screen")).SheetScreen),
    },
    {
      path: "/mehr/wiederherstellen",
      view: lazyScreen(async () => (await import("./recover_screen")).RecoverScreen),
    },
    { path: "/team", view: lazyScreen(async () => (await import("./screen")).TeamScreen) },
    {
      path: "/team/:id",
      view: lazyScreen(async () => (await import("./compare_screen")).CompareScreen),
    },
  ],
};
