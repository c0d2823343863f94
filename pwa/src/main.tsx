/** The start of the app; what it consists of stands in `app/features.ts`. */
import "./ui/theme.css";
import { render } from "preact";
import { Root } from "./app/root";
import { watchInstall } from "./features/more/install";
import { start } from "./platform/session";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
watchInstall();
// The store opens while the first picture is drawn.
const started = start();
render(<Root />, root);
await started;
