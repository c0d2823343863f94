/**
 * A phone nobody has seen for days shows nothing before its person has signed in at the server once
 * more: a stolen one must not stay open for ever. What waits on it is not touched.
 */
import { changeAccount } from "./accounts";
import { type AccountRecord, allMeta, durable, PersonDb } from "./db";
import { adoptDevice } from "./device";
import { problem, Unreachable } from "./problems";
import { isCode, login } from "./sign_in";
import { currentStore } from "./store";

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 7;
/** Whatever the server says: a month is the longest a phone may go without it. */
const MOST_DAYS = 31;

/**
 * Signs in with what the password gave when this phone was away for too long. This phone's own
 * clock decides: a wrong one can only ask for more.
 * @throws ApiProblem `offline_too_long` without a network, or why the server says no.
 */
export function endLongAbsence(account: AccountRecord, loginKey: string): Promise<void> {
  return withStore(account, async (db) => {
    if (!(await isTooLong(db))) return;
    const { device } = await login(account.name, loginKey, account.device).catch((error) => {
      throw isCode(error, "wrong_sign_in") ? problem("password_changed") : error;
    });
    await adoptDevice(db, device);
    await changeAccount(account.user, { device });
  }).catch((error: unknown) => {
    throw error instanceof Unreachable ? problem("offline_too_long") : error;
  });
}

/** Whether only a password, and the server's word, may open this store now. */
export function isAwayTooLong(account: AccountRecord): Promise<boolean> {
  return withStore(account, isTooLong);
}

/** For how many days a phone may go without the server. */
export function daysAllowed(days: unknown): number {
  return typeof days === "number" && days > 0 ? Math.min(days, MOST_DAYS) : DEFAULT_DAYS;
}

async function isTooLong(db: PersonDb): Promise<boolean> {
  const { lastContact, state } = await durable(db, () => allMeta(db));
  if (lastContact === null || lastContact === undefined) return false;
  return Date.now() - lastContact > daysAllowed(state?.settings.offline_days) * DAY_MS;
}

/** Works on a person's store: the current one, or another that is closed again. */
async function withStore<T>(
  { user }: AccountRecord,
  work: (db: PersonDb) => Promise<T>,
): Promise<T> {
  const current = currentStore.peek()?.db;
  const db = current?.user === user ? current : new PersonDb(user);
  try {
    return await work(db);
  } finally {
    if (db !== current) db.close();
  }
}
