/** Gives a closed container to the person: the only file of cases that ever leaves the app. */
import { Container } from "./container";

/** Long enough for the browser to have taken the file. */
const TAKEN_MS = 60_000;

/** Saves it where downloads go. Throws TypeError for anything that is not closed. */
export function handOut(container: Container): void {
  if (!Container.is(container)) throw new TypeError("only a closed container is given out");
  const { name, blob } = container;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS);
}
