// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { MakePassword } from "@pwa/features/session/make_password";
import { takesNotes } from "@pwa/features/session/model";
import { SignInScreen } from "@pwa/features/session/sign_in";
import { UnlockScreen } from "@pwa/features/session/unlock";
import { ApiProblem, Unreachable, WrongPassword } from "@pwa/platform/problems";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { button, field, leave, show, submit, tap, type } from "./stage";

const member = vi.hoisted(() => ({ role: "ab_pap", admitted: true, lockedAt: null }));
const session = vi.hoisted(() => ({
  unlock: vi.fn(),
  signIn: vi.fn(),
  acceptInvitation: vi.fn(),
}));
vi.mock("@pwa/platform/drafts", () => ({ notes: signal(["n1"]) }));
const pad = vi.hoisted(() => ({ keep: vi.fn(), discard: vi.fn(), close: vi.fn() }));
vi.mock("@pwa/platform/notes", () => ({
  NotePad: class {
    id = "n2";
    keep = pad.keep;
    discard = pad.discard;
    close = pad.close;
  },
}));
vi.mock("@pwa/platform/session", async () => ({
  ...session,
  ...(await import("@pwa/platform/problems")),
  accounts: signal([
    { user: "u1", name: "jana", displayName: "Jana Wolf", ...member },
    { user: "u2", name: "tom", displayName: "Tom Berger", ...member },
  ]),
  lockedAt: signal(null),
  storeLost: signal(null),
  unsentWhileLocked: signal(2),
  profile: signal(null),
  wipedByOffice: signal(null),
}));

beforeEach(() => {
  for (const one of [...Object.values(session), ...Object.values(pad)])
    one.mockReset().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { locks: { request: async () => null } });
});
afterEach(leave);

test("the lock names nobody and counts what is safe", async () => {
  const page = await show(<UnlockScreen />);
  expect(page.textContent).toContain(
    "2 Einträge sicher auf diesem Telefon · 1 Schnellnotiz wartet",
  );
  expect(page.textContent).not.toMatch(/Jana|Tom/);
  expect(document.title).toBe("Gesperrt – Zuzweit");
  expect(document.activeElement).toBe(field("Passwort"));
});

test("a wrong password says so and makes the next try wait", async () => {
  session.unlock.mockRejectedValue(new WrongPassword("wrong_password", 4));
  const page = await show(<UnlockScreen />);
  await type(field("Passwort"), "falsch");
  await submit(field("Passwort"));
  expect(session.unlock).toHaveBeenCalledWith("u1", "falsch");
  expect(page.querySelector("[role=alert]")?.textContent).toContain("Das Passwort stimmt nicht.");
  expect(page.textContent).toContain("Nächster Versuch in 4 Sekunden");
  await submit(field("Passwort"));
  expect(session.unlock).toHaveBeenCalledOnce();
});

test("another person of this phone unlocks her own store", async () => {
  await show(<UnlockScreen />);
  await tap(button("Andere Person"));
  await tap(button("Tom Bergertom"));
  await type(field("Passwort"), "geheim");
  await submit(field("Passwort"));
  expect(session.unlock).toHaveBeenCalledWith("u2", "geheim");
});

test("an empty field is named in our own words, and nothing is sent", async () => {
  const page = await show(<SignInScreen />);
  expect(field("Passwort").form?.noValidate).toBe(true);
  await submit(field("Passwort"));
  expect(page.textContent).toContain("Bitte geben Sie Ihren Anmeldenamen ein.");
  expect(page.textContent).toContain("Bitte geben Sie Ihr Passwort ein.");
  expect(document.activeElement).toBe(field("Anmeldename"));
  await type(field("Anmeldename"), "jana");
  await submit(field("Passwort"));
  expect(document.activeElement).toBe(field("Passwort"));
  expect(session.signIn).not.toHaveBeenCalled();
});

test("the lock asks for the password itself", async () => {
  const page = await show(<UnlockScreen />);
  await submit(field("Passwort"));
  expect(page.textContent).toContain("Bitte geben Sie Ihr Passwort ein.");
  expect(session.unlock).not.toHaveBeenCalled();
});

test("who has nothing on this phone is told nothing about entries", async () => {
  session.signIn.mockRejectedValue(new Unreachable());
  const page = await show(<SignInScreen />);
  await type(field("Anmeldename"), "jana");
  await type(field("Passwort"), "p");
  await submit(field("Passwort"));
  expect(page.querySelector("[role=alert]")?.textContent).toContain("Server ist gerade nicht");
  expect(page.textContent).not.toContain("Einträge");
  expect(document.activeElement).toBe(field("Passwort"));
});

test("signing in passes name and password and shows the server's sentence", async () => {
  session.signIn.mockRejectedValue(new ApiProblem("wrong_sign_in", "Stimmt nicht."));
  const page = await show(<SignInScreen />);
  await type(field("Anmeldename"), " jana ");
  await type(field("Passwort"), "p");
  await submit(field("Passwort"));
  expect(session.signIn).toHaveBeenCalledWith("jana", "p");
  expect(page.querySelector("[role=alert]")?.textContent).toBe("Stimmt nicht.");
});

test("five words are taken only after they were typed again, however they are spelled", async () => {
  const onDone = vi.fn();
  const page = await show(<MakePassword token="t" onDone={onDone} />);
  const words = page.querySelector(".zz-words")?.textContent ?? "";
  expect(words.split("-")).toHaveLength(5);
  await tap(button("Ich habe die Wörter notiert"));
  expect(page.textContent).not.toContain(words);
  expect(document.activeElement).toBe(field("Passwort wiederholen"));
  await type(field("Passwort wiederholen"), "etwas anderes");
  await submit(field("Passwort wiederholen"));
  expect(page.textContent).toContain("nicht dieselben Wörter");
  expect(session.acceptInvitation).not.toHaveBeenCalled();
  await type(field("Passwort wiederholen"), ` ${words.replaceAll("-", " ").toUpperCase()} `);
  await submit(field("Passwort wiederholen"));
  expect(session.acceptInvitation).toHaveBeenCalledWith("t", words);
  expect(onDone).toHaveBeenCalledOnce();
});

test("an own password must be long enough and typed twice alike", async () => {
  const page = await show(<MakePassword token="t" onDone={() => undefined} />);
  await tap(page.querySelector("input[value=own]") as HTMLInputElement);
  await type(field("Passwort"), "kurz");
  await type(field("Passwort wiederholen"), "kürzer");
  await submit(field("Passwort"));
  expect(page.querySelectorAll("[aria-invalid=true]")).toHaveLength(2);
  expect(document.activeElement).toBe(field("Passwort"));
  await type(field("Passwort"), "ein ganzer langer Satz");
  await type(field("Passwort wiederholen"), "ein ganzer langer Satz");
  await submit(field("Passwort"));
  expect(session.acceptInvitation).toHaveBeenCalledWith("t", "ein ganzer langer Satz");
});

async function writeNote(text: string): Promise<HTMLElement> {
  const page = await show(<UnlockScreen />);
  await tap(button("Schnellnotiz"));
  await vi.waitFor(() => button("Versiegeln"));
  expect(page.textContent).not.toMatch(/Jana|Tom/);
  await type(page.querySelector("textarea") as never, text);
  return page;
}

test("a quick note is kept, said to be, and leads back to the lock", async () => {
  await writeNote("Licht an");
  await tap(button("Versiegeln"));
  expect(pad.keep).toHaveBeenLastCalledWith("Licht an");
  expect(document.body.textContent).toContain("Auf diesem Telefon gespeichert");
  await vi.waitFor(() => expect(document.activeElement).toBe(field("Passwort")));
  await vi.waitFor(() => expect(pad.close).toHaveBeenCalledOnce());
});

test("a quick note that finds no room stays on the screen", async () => {
  pad.keep.mockRejectedValue(new ApiProblem("storage_full", "Der Speicher ist voll."));
  const page = await writeNote("Licht an");
  await tap(button("Versiegeln"));
  expect(page.querySelector("[role=alert]")?.textContent).toContain("Der Speicher ist voll.");
  expect(page.querySelector("textarea")?.value).toBe("Licht an");
  expect(document.title).toBe("Schnellnotiz – Zuzweit");
});

test("an empty quick note is none, and one that was begun is thrown away only when asked", async () => {
  const empty = await writeNote("");
  await tap(button("Versiegeln"));
  expect(empty.textContent).toContain("Bitte schreiben Sie zuerst die Notiz.");
  expect(pad.keep).not.toHaveBeenCalledWith("");
  await tap(button("Zurück"));
  await vi.waitFor(() => expect(document.activeElement).toBe(field("Passwort")));
  const page = await writeNote("Licht an");
  pad.discard.mockClear();
  await tap(button("Verwerfen"));
  expect(pad.discard).not.toHaveBeenCalled();
  const dialog = page.querySelector("dialog") as HTMLElement;
  await tap([...dialog.querySelectorAll("button")][0] as HTMLElement);
  expect(pad.discard).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(document.activeElement).toBe(field("Passwort")));
});

test("whom Heute would show no notes is offered none", () => {
  expect(takesNotes({ role: "admin", admitted: true })).toBe(false);
  expect(takesNotes({ role: "ab_pap", admitted: false })).toBe(false);
  expect(takesNotes({ role: "deputy", admitted: true })).toBe(true);
});
