/** The way in, seen from inside: the password of whoever is in, and her phone's own lock. */
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";

const pages = () => import("./pages");

export const session: Feature = {
  name: "session",
  routes: [
    { path: "/mehr/passwort", view: lazyScreen(async () => (await pages()).ChangePasswordScreen) },
    { path: "/mehr/fingerabdruck", view: lazyScreen(async () => (await pages()).PasskeyScreen) },
  ],
};
