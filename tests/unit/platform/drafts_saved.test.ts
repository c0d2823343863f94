/** Drafts that outlived their save: what was saved is not offered again, newer words are kept. */
import { beforeEach, expect, it } from "vitest";
import { FakeServer } from "./fake_server";
import { firstColleague, PASSWORD, type Phone, shown } from "./phone";

let server: FakeServer;
let phone: Phone;
let visits: typeof import("@pwa/features/visits/store");
let forms: typeof import("@pwa/features/visits/form");
let cases: typeof import("@pwa/features/cases/store");
let caseForms: typeof import("@pwa/features/cases/form");
let caseId: string;

const MINUTE = "2026-11-25T10:42";
const KEY = "visit:new";

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  visits = await import("@pwa/features/visits/store");
  forms = await import("@pwa/features/visits/form");
  cases = await import("@pwa/features/cases/store");
  caseForms = await import("@pwa/features/cases/form");
  caseId = await phone.records.write("client_case", null, { kind: "handover", name: "Nina" });
});

function newDraft() {
  const blank = forms.blankContact(MINUTE, caseId);
  const form = { ...blank, placeKind: "doorstep", outcome: "nobody_met", observation: "Licht an" };
  return visits.newContactDraft(form);
}

const load = () =>
  visits.contactDrafts.load<import("@pwa/features/visits/store").ContactDraft>(
    KEY,
    visits.DRAFT_VERSION,
  );
const save = (draft: unknown) => visits.contactDrafts.save(KEY, visits.DRAFT_VERSION, draft);

it("a new contact whose draft outlived its save is not offered again", async () => {
  const draft = newDraft();
  await save(draft);
  await visits.saveContact(draft);
  expect(await load()).toBeNull();
  expect(phone.drafts.drafts.value).toEqual([]);
});

it("nor when somebody changed it since", async () => {
  const draft = newDraft();
  await save({ ...draft, handed: draft.form });
  await visits.saveContact(draft);
  await phone.records.write("visit", draft.id, { observation: "Später ergänzt" });
  expect(await load()).toBeNull();
});

it("newer words in the draft are offered as a change of what was saved", async () => {
  const draft = newDraft();
  await visits.saveContact(draft);
  await phone.records.write("visit", draft.id, { verbis_open: true });
  const form = { ...draft.form, observation: "Licht an, Musik", outcome: "message_left" };
  await save({ ...draft, form, handed: draft.form });
  const kept = await load();
  expect(kept).toMatchObject({ id: draft.id, form, before: { observation: "Licht an" } });
  await visits.saveContact(kept as NonNullable<typeof kept>);
  const rows = await shown(
    phone.records.watch("visit", { ids: [draft.id] }),
    ([row]) => row?.values.outcome === "message_left",
  );
  expect(rows[0]?.values).toMatchObject({ observation: "Licht an, Musik", verbis_open: true });
  expect(rows[0]?.versions).toBeUndefined();
});

it("does not replace words the person has not seen", async () => {
  const draft = newDraft();
  await visits.saveContact(draft);
  await phone.records.write("visit", draft.id, { observation: "Andere Worte" });
  const form = { ...draft.form, observation: "Licht an, Musik" };
  await save({ ...draft, form, handed: draft.form });
  expect((await load())?.base).toMatchObject({ observation: [] });
});

it("a planned visit that was recorded is not offered again", async () => {
  const id = await phone.records.write("visit", null, {
    case: caseId,
    planned_start: "2026-11-25T09:00:00Z",
    place_kind: "doorstep",
  });
  const [row] = await shown(phone.records.watch("visit", { ids: [id] }));
  const contact = visits.toContact(row as NonNullable<typeof row>);
  const before = forms.contactForm(contact);
  const form = { ...forms.plannedForm(contact, MINUTE), outcome: "nobody_met" };
  const draft = { id, form, before, base: contact.base };
  await save(draft);
  expect(await load()).toMatchObject({ form });
  await visits.saveContact(draft);
  expect(await load()).toBeNull();
});

it("a new case is dropped when saved as it is, and kept when it holds newer words", async () => {
  const load = () => cases.caseDrafts.load<unknown>("case:new", cases.DRAFT_VERSION);
  const save = (value: unknown) => cases.caseDrafts.save("case:new", cases.DRAFT_VERSION, value);
  const blank = caseForms.blankCase(phone.session.profile.value?.user ?? "");
  const draft = cases.newCaseDraft({ ...blank, name: "Nina", situation: "eins" });
  await cases.saveCase(draft);
  const form = { ...draft.form, situation: "eins und zwei" };
  await save({ ...draft, form });
  expect(await load()).toMatchObject({ id: draft.id, form, before: { situation: "eins" } });
  await save(draft);
  expect(await load()).toBeNull();
});

const drafts = () => phone.drafts.drafts.value.map(({ key, open }) => ({ key, open }));

it("a draft tells whether its form was left, but a lock is no leaving", async () => {
  const release = visits.contactDrafts.hold(KEY);
  await save(newDraft());
  expect(drafts()).toEqual([{ key: KEY, open: true }]);
  phone.session.lock();
  release();
  await phone.session.unlock(phone.session.accounts.value[0]?.user ?? "", PASSWORD);
  expect(drafts()).toEqual([{ key: KEY, open: true }]);
  visits.contactDrafts.hold(KEY)();
  await expect.poll(drafts).toEqual([{ key: KEY, open: false }]);
});

it("a draft laid aside is left, and its form begins anew", async () => {
  const draft = newDraft();
  await save(draft);
  await visits.layAside(draft);
  await visits.contactDrafts.discard(KEY);
  expect(await load()).toBeNull();
  expect(drafts()).toEqual([{ key: `visit:aside:${draft.id}`, open: false }]);
});
