/**
 * The recovery sheet: made by an aB-pAp while all is well, and used by a new account when everybody
 * has forgotten her password. Loaded when it is wanted. Its words are nowhere kept.
 */
import { post } from "./api";
import { allMeta, durable, type EnvelopeRecord, type Meta, type PersonDb, putMeta } from "./db";
import { newId } from "./ids";
import { type Made, type SheetHalves, spoken } from "./keyring";
import { problem } from "./problems";
import { opened } from "./store";
import { syncNow } from "./sync_loop";
import { absorbTeam, countingSheet, members, union } from "./team";
import { newsTaken } from "./team_news";
import { officeNow } from "./vouching";

export interface LastSheet {
  /** An instant of the protocol. */
  at: string;
  /** Who made it; null for somebody this phone does not know. */
  by: string | null;
}

/** The sheet that counts, as the server tells; null when there is none. */
export async function lastSheet(): Promise<LastSheet | null> {
  const { db } = opened().store;
  const made = countingSheet(await durable(db, () => allMeta(db)))?.statements[0];
  if (!made) return null;
  const by = members.peek().find(({ user }) => user === made.author)?.displayName ?? null;
  return { at: String(made.at), by };
}

/**
 * Makes a new sheet; the last one counts no more. Answers its twelve words once the server has its
 * public half. `lost`: nothing is closed for any earlier sheet from now on, and the team's phones
 * renew all keys, as when somebody has left.
 * @throws ApiProblem, Unreachable: then there is no new sheet, or one whose words nobody has.
 */
export async function makeSheet(lost = false): Promise<string> {
  const { store, vault } = opened();
  const { db } = store;
  // A colleague's sheet of a minute ago may be the one that was lost, and her phone may have made a
  // team key since, which the new sheet opens too.
  await syncNow();
  await newsTaken();
  const at = await officeNow(db);
  const { words, body } = await vault.ask("makeSheet", newId(), at, lost).catch(rethrow);
  await post("/api/recovery", body);
  await believe(db, [body.about_sheet, body.by_sheet, ...body.lost]);
  await syncNow();
  return words;
}

/**
 * Opens the team's keys with the words of its sheet, for a new account that nobody can take in.
 * @throws ApiProblem `recovery_wrong`, `key_missing`; Unreachable: then nothing has changed.
 */
export async function recoverWith(words: string): Promise<void> {
  const { store, vault } = opened();
  const { db } = store;
  await syncNow();
  const meta = await durable(db, () => allMeta(db));
  const { state } = meta;
  const last = countingSheet(meta);
  if (!state || !last) throw problem("recovery_wrong");
  const sheet: SheetHalves = {
    id: last.id,
    boxPublic: last.box_public,
    signPublic: last.sign_public,
  };
  const statements = union(meta.statements ?? [], last.statements);
  const at = await officeNow(db);
  const take = (envelopes: EnvelopeRecord[]): Promise<Made> =>
    vault.ask("takeOver", words, sheet, { statements, epochs: state.epochs, envelopes }, at);
  const question = await take([]).catch(rethrow);
  const { envelopes } = await post<{ envelopes: EnvelopeRecord[] }>("/api/recovery/use", question);
  const answer = await take(envelopes).catch(rethrow);
  if (answer.envelopes.length === 0) throw problem("key_missing");
  await post("/api/recovery/use", answer);
  await believe(db, [answer.about_sheet, answer.by_sheet]);
  await absorbTeam(db, vault);
  await syncNow();
}

/** Believed at once and for good, whatever the server serves next. */
async function believe(db: PersonDb, words: Meta["statements"]): Promise<void> {
  await durable(db, () =>
    db.transaction("rw", db.meta, async () => {
      const { statements } = await allMeta(db);
      await putMeta(db, { statements: union(statements ?? [], words) });
    }),
  );
}

function rethrow(error: unknown): never {
  throw spoken(error);
}
