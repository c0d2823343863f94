/** Comparing the safety number, vouching for somebody, and the first key: loaded when it is due. */
import { post } from "./api";
import { readClock } from "./clock_state";
import { allMeta, durable, type EnvelopeRecord, type PersonDb, putMeta, type Said } from "./db";
import { instantNow } from "./ids";
import { spoken } from "./keyring";
import { ApiProblem, Unreachable } from "./problems";
import { currentStore, currentVault, opened } from "./store";
import { syncNow } from "./sync_loop";
import { keepSaid } from "./sync_restored";
import { absorbTeam, mintDue, union } from "./team";

let minting = false;

/**
 * Ten groups of five digits, the same on both phones.
 * @throws ApiProblem `not_a_member` or `locked`.
 */
export async function safetyNumber(user: string): Promise<string[]> {
  return opened().vault.ask("safetyNumber", user).catch(rethrow);
}

/**
 * Vouches for a member after the safety numbers were compared: signs who she is and, for an aB-pAp,
 * gives her the team's keys this phone holds.
 * @throws ApiProblem, `keys_changed` for one, Unreachable without a network; then nothing has changed.
 */
export async function admit(user: string): Promise<void> {
  const { store, vault } = opened();
  const at = await officeNow(store.db);
  const body = await vault.ask("admit", user, at).catch(rethrow);
  await vouch(store.db, body);
  if (currentVault.peek() === vault) await absorbTeam(store.db, vault);
  await syncNow();
}

/** Says something of somebody; believed at once and for good, whatever the server serves next. */
export async function vouch(db: PersonDb, body: Record<string, unknown>): Promise<void> {
  await keepSaid(db, saidIn(body));
  await post("/api/statements", body);
  const statement = body.statement as Record<string, unknown>;
  await durable(db, () =>
    db.transaction("rw", db.meta, async () => {
      const { statements } = await allMeta(db);
      await putMeta(db, { statements: union(statements ?? [], [statement]) });
    }),
  );
}

/**
 * The first aB-pAp's phone makes the team key, as soon as the server can be told. Without an answer
 * it stays due, and the next contact with the server is the next chance.
 */
export async function mintIfFirst(): Promise<void> {
  const [store, vault] = [currentStore.peek(), currentVault.peek()];
  if (!mintDue.peek() || minting || !store || !vault) return;
  minting = true;
  try {
    const body = await vault.ask("mint", await officeNow(store.db));
    await keepSaid(store.db, saidIn(body));
    await post("/api/epochs", body);
    mintDue.value = false;
  } catch (error) {
    if (error instanceof Unreachable) return;
    mintDue.value = false;
    // A colleague was faster: this is a newcomer's phone, which waits to be admitted.
    if (!(error instanceof ApiProblem && error.code === "epoch_exists")) throw spoken(error);
  } finally {
    minting = false;
  }
  await syncNow();
}

/** What a body of the vault's says of somebody, and the keys in it. */
export function saidIn({ statement, envelopes }: Record<string, unknown>): Said {
  // Both are the vault's own words.
  return {
    statement: (statement as Said["statement"]) ?? null,
    envelopes: (envelopes as EnvelopeRecord[]) ?? [],
  };
}

/** Now by the server's clock: what is signed on a phone a year ahead must not outlive its time. */
export async function officeNow(db: PersonDb): Promise<string> {
  const { skew } = await durable(db, () => readClock(db));
  return instantNow(Date.now() + skew);
}

function rethrow(error: unknown): never {
  throw spoken(error);
}
