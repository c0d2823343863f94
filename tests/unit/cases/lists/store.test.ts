/** A list is stored whole or not at all, sealed, and a second try stores nobody twice. */
import { blankCase } from "@pwa/features/cases/form";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "../../platform/fake_server";
import { firstColleague, type Phone } from "../../platform/phone";

let server: FakeServer;
let phone: Phone;
let store: typeof import("@pwa/features/cases/lists/store");

beforeEach(async () => {
  server = new FakeServer();
  phone = await firstColleague(server);
  server.down = true;
  store = await import("@pwa/features/cases/lists/store");
});

const NAME = "Kanarienvogel";
const list = (count: number) =>
  store.idsFor(count).map((id, i) => ({
    id,
    form: {
      ...blankCase(""),
      name: `${NAME} ${i}`,
      clientNumber: `Z${i}`,
      handedOver: "2026-07-06",
    },
  }));

async function disk(): Promise<string> {
  const all = await Promise.all(phone.db.tables.map((table) => table.toArray()));
  return JSON.stringify(all);
}

describe("a list of cases", () => {
  it.each([50, 500])("of %i lies on the disk, keys and all, sealed", async (count) => {
    const cases = list(count);
    await store.saveCases(cases);
    const sends = await phone.db.outbox.orderBy("n").toArray();
    expect(sends.map(({ kind }) => kind)).toEqual(cases.flatMap(() => ["envelope", "operation"]));
    const text = await disk();
    expect(text).not.toContain(NAME);
    expect(text).toContain("2026-07-06");
    const found = await vi.waitUntil(() => store.overviewCases.value);
    expect(new Set(found.map(({ name }) => name))).toEqual(
      new Set(cases.map(({ form }) => form.name)),
    );
  });

  it("leaves none of them when the disk fails in the middle", async () => {
    vi.spyOn(phone.db.outbox, "bulkAdd").mockImplementationOnce(() => {
      throw new DOMException("test", "QuotaExceededError");
    });
    const cases = list(50);
    const before = await phone.db.outbox.count();
    await expect(store.saveCases(cases)).rejects.toMatchObject({ code: "storage_full" });
    expect(await phone.db.outbox.count()).toBe(before);
    await store.saveCases(cases);
    expect(await phone.db.outbox.count()).toBe(before + 100);
  });

  it("leaves none of them when one cannot be stored", async () => {
    const cases = list(3);
    const odd = cases.with(1, {
      id: cases[1]?.id ?? "",
      form: { ...blankCase(""), name: "A", handedOver: "heute" },
    });
    await expect(store.saveCases(odd)).rejects.toMatchObject({ field: "handed_over" });
    expect(await phone.db.outbox.count()).toBe(0);
  });

  it("is there once, however often it is saved", async () => {
    const cases = list(5);
    await store.saveCases(cases);
    await store.saveCases(cases);
    expect(await phone.db.outbox.count()).toBe(10);
  });

  it("is forgotten when the phone is locked before it was saved", async () => {
    const { beginReading } = await import("@pwa/features/cases/lists/reading");
    store.reading.value = beginReading({ name: "", rows: [["Name"], [NAME]] }, store.idsFor(2));
    await phone.session.lock();
    expect(store.reading.value).toBeNull();
    expect(await disk()).not.toContain(NAME);
  });
});
