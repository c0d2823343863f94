/** The password of a file that other programs open. */
import { passwordProblem } from "../../../platform/passwords";

/**
 * Why a password is not fit for a file, as a German sentence; null when it is. Other programs
 * spell letters beyond the English alphabet in their own ways, and would not open it.
 */
export function filePasswordProblem(password: string): string | null {
  if (!/^[ -~]*$/.test(password))
    return "Bitte ohne Umlaute und ß: Andere Programme schreiben sie verschieden, die Datei ginge nicht auf.";
  if (password !== password.trim()) return "Bitte ohne Leerzeichen am Anfang oder Ende.";
  return passwordProblem(password);
}
