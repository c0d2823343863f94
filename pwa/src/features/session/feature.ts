/** The way in, seen from inside: the password of whoever is in. */
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";

export const session: Feature = {
  name: "session",
  routes: [
    {
      path: "/mehr/passwort",
      view: lazyScreen(async () => (await import("./change_password_screen")).ChangePasswordScreen),
    },
  ],
};
