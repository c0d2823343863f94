// @vitest-environment happy-dom
import { PasswordField, TextArea, TextField } from "@pwa/ui/fields";
import { afterEach, expect, test } from "vitest";
import { field, leave, show } from "./stage";

const nothing = () => undefined;

afterEach(leave);

test("a name has room for a name, a note for a note", async () => {
  await show(<TextField label="Name" value="" onInput={nothing} />);
  expect(field("Name").maxLength).toBe(120);
  const page = await show(<TextArea label="Notiz" value="" onInput={nothing} />);
  expect(page.querySelector("textarea")?.maxLength).toBe(4000);
});

test("a full field says so: what was pasted may have lost its end", async () => {
  const page = await show(<TextField label="Name" value={"a".repeat(120)} onInput={nothing} />);
  expect(page.textContent).toContain("Mehr als 120 Zeichen passen hier nicht hinein");
  expect(field("Name").getAttribute("aria-describedby")).toBe(page.querySelector("p")?.id);
});

test("a password is never cut", async () => {
  await show(
    <PasswordField label="Passwort" value="" onInput={nothing} autocomplete="new-password" />,
  );
  expect(field("Passwort").maxLength).toBe(-1);
});
