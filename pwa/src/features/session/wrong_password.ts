/** What is said at the field of a present password. Pure. */
import { WrongPassword } from "../../platform/problems";
import { nextTry } from "./model";

/** That it is wrong, and how long to wait; null for every other failure. */
export function wrongText(error: unknown): string | null {
  if (!(error instanceof WrongPassword)) return null;
  const { message, waitSeconds } = error;
  return waitSeconds > 0 ? `${message} ${nextTry(waitSeconds)}` : message;
}
