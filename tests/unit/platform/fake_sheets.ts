/** The recovery sheets of the server in memory: nothing but the words about and by them. */
import type { WireSheet } from "@pwa/platform/db";
import type { Made, MadeSheet } from "@pwa/platform/keyring";
import type { FakeServer } from "./fake_server";
import { Refusal } from "./fake_wire";

type Word = Record<string, unknown>;

export class Sheets {
  /** In the order in which they came. */
  words: Word[] = [];
  private readonly server: FakeServer;

  /** Their ids, the newest last. */
  get ids(): string[] {
    const about = this.words.filter(({ role }) => role === "recovery");
    return [...new Set(about.map(({ subject }) => subject as string))];
  }

  constructor(server: FakeServer) {
    this.server = server;
  }

  /** Keeps a new sheet, for which the newest team key is closed; what was for lost ones goes. */
  make({ about_sheet, by_sheet, lost, envelopes }: MadeSheet): Record<string, never> {
    const newest = this.server.epochs.at(-1)?.key_id;
    if (!envelopes.some(({ key_id }) => key_id === newest)) throw new Refusal("invalid", 400);
    this.words.push(about_sheet, by_sheet, ...lost);
    const { server } = this;
    server.envelopes = server.envelopes.filter(({ reader }) => !this.isLost(reader));
    for (const envelope of envelopes) server.keep(envelope);
    return {};
  }

  /** What is closed for the sheet; with keys closed for herself, somebody is admitted by it. */
  use(
    user: { admitted: boolean },
    { about_sheet, by_sheet, envelopes }: Made,
  ): Pick<Made, "envelopes"> {
    const sheet = this.ids.findLast((id) => !this.isLost(id));
    if (sheet !== about_sheet.subject) throw new Refusal("not_found", 404);
    if (envelopes.length === 0) {
      const closed = this.server.envelopes.filter(({ reader }) => reader === sheet);
      return { envelopes: closed.map(({ seq: _, ...one }) => one) };
    }
    this.words.push(about_sheet, by_sheet);
    for (const envelope of envelopes) this.server.keep(envelope);
    user.admitted = true;
    return { envelopes: [] };
  }

  /** Keeps a word about or by a sheet; false for one about people. */
  take(word: Word): boolean {
    const known = [word.subject, word.author].some((id) => this.ids.includes(id as string));
    if (!known && word.role !== "recovery") return false;
    return this.words.push(word) > 0;
  }

  /** As the state tells of them. */
  told(): { recovery?: WireSheet[] } {
    const recovery = this.ids.map((id) => this.sheet(id));
    return recovery.length > 0 ? { recovery } : {};
  }

  private sheet(id: string): WireSheet {
    const statements = this.words.filter((one) => [one.subject, one.author].includes(id));
    const { box_public, sign_public } = statements.find(({ role }) => role === "recovery") as Word;
    const lacks = this.isLost(id) ? [] : this.server.lackedBy(id);
    return {
      id,
      box_public: box_public as string,
      sign_public: sign_public as string,
      statements,
      ...(lacks.length > 0 && { lacks }),
    };
  }

  private isLost(id: string): boolean {
    return this.words.some(({ subject, role }) => subject === id && role === "left");
  }
}
