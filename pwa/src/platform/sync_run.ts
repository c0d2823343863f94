/**
 * One run of the sync: round trips until nothing is left to send or to fetch.
 *
 * A batch the server cannot take is halved until one send is left; that one goes into the tray and
 * stops nothing else. What comes is stored while the next page is already on its way.
 */
import { MAX_BATCH_COUNT } from "@sync/operation";
import { post } from "./api";
import { allMeta, durable, getMeta, type PersonDb, type Send } from "./db";
import { takeNewDevice } from "./device";
import { ApiProblem, Unreachable } from "./problems";
import { outbox } from "./queue";
import { type Fetched, fetchWanted } from "./resting";
import { type Absorbed, absorb } from "./sync_absorb";
import { tellRemembered } from "./sync_restored";
import {
  firstBatch,
  type Position,
  positionAfter,
  requestText,
  type SyncAnswer,
} from "./sync_wire";
import { putAside } from "./tray";

/** Answers that may be the fault of one send among many. */
export const ONE_SPOILS_ALL: ReadonlySet<string> = new Set([
  "batch_too_large",
  "body_too_large",
  "malformed",
  "internal",
]);

/** A server that is put back more often than this in one run is asked again later. */
const MOST_RETURNS = 2;

export interface RunNews {
  sending(keys: ReadonlySet<number>): void;
  absorbed(answer: SyncAnswer, absorbed: Absorbed): void;
  /** Cases came back that had left this phone. */
  fetched(fetched: Fetched): void;
  /** Outbox or tray changed in another way than by an answer. */
  requeued(): Promise<void>;
}

export class SyncRun {
  private readonly db: PersonDb;
  private readonly news: RunNews;
  /** Sends to leave alone for the rest of this run. */
  private readonly later = new Set<number>();
  private maxCount = MAX_BATCH_COUNT;
  private returns = 0;
  private position: Position | null = null;
  private next: Promise<SyncAnswer> | null = null;

  constructor(db: PersonDb, news: RunNews) {
    this.db = db;
    this.news = news;
  }

  /**
   * Runs to the end.
   * @throws Unreachable, or ApiProblem for a refusal that no smaller batch can mend.
   */
  async toTheEnd(): Promise<void> {
    while (await this.step());
  }

  /** One round trip; answers whether another is needed. */
  private async step(): Promise<boolean> {
    // A page on its way was asked for under the old number; it comes in first.
    if (!this.next) await this.putInOrder();
    const batch = this.batch();
    this.news.sending(new Set(batch.map(({ key }) => key)));
    try {
      const more = await this.roundTrip(batch);
      return more || this.batch().length > 0;
    } catch (error) {
      this.next = null;
      this.position = null;
      await this.recover(error, batch);
      return true;
    } finally {
      this.news.sending(new Set());
    }
  }

  /**
   * Takes another number when this one is spent, tells a restored server of the team, and fetches
   * cases that are wanted again.
   */
  private async putInOrder(): Promise<void> {
    if (await durable(this.db, () => getMeta(this.db, "deviceSpent"))) {
      this.position = null;
      await takeNewDevice(this.db);
      await this.news.requeued();
    }
    await tellRemembered(this.db);
    for (let came = await this.fetch(); came; came = await this.fetch()) this.news.fetched(came);
  }

  private fetch(): Promise<Fetched | null> {
    return fetchWanted(this.db, Date.now());
  }

  private batch(): readonly Send[] {
    const open = outbox.peek().filter(({ key }) => !this.later.has(key));
    return firstBatch(open, this.maxCount);
  }

  private async roundTrip(batch: readonly Send[]): Promise<boolean> {
    const answer = await (this.next ?? this.ask(batch));
    const asked = this.next ? [] : batch;
    this.next = null;
    const position = positionAfter(this.position as Position, answer);
    const receivedAt = Date.now();
    // A page that changes what this person may see is stored before anything else is asked.
    const goesOn = answer.more && !answer.scope && !answer.restored;
    if (goesOn && this.batch().length === asked.length) {
      this.position = position;
      this.next = this.ask([]);
      // Awaited in the next step; a failure until then must not count as unhandled.
      this.next.catch(() => {});
    }
    const absorbed = await absorb(this.db, asked, answer, receivedAt);
    for (const key of absorbed.retry) this.later.add(key);
    this.maxCount = Math.min(MAX_BATCH_COUNT, this.maxCount * 2);
    if (!this.next) this.position = null;
    this.news.absorbed(answer, absorbed);
    if (absorbed.wentBack) this.returns += 1;
    if (this.returns > MOST_RETURNS) throw new Unreachable();
    const wanted = (absorbed.meta.wanted ?? []).length > 0;
    const anew = absorbed.wentBack || (absorbed.forgot && answer.scope?.team != null);
    return answer.more || anew || wanted;
  }

  private async ask(batch: readonly Send[]): Promise<SyncAnswer> {
    this.position ??= await positionOf(this.db);
    return post<SyncAnswer>("/api/sync", requestText(this.position, batch, Date.now()));
  }

  /** Makes the next attempt smaller or different; throws on when it cannot help. */
  private async recover(error: unknown, batch: readonly Send[]): Promise<void> {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.code === "device_cloned") {
      await takeNewDevice(this.db);
      return this.news.requeued();
    }
    if (!ONE_SPOILS_ALL.has(error.code) || batch.length === 0) throw error;
    if (batch.length > 1) {
      this.maxCount = Math.max(1, Math.floor(batch.length / 2));
      return;
    }
    await this.single(error, batch[0] as Send);
  }

  /** One send alone fails: is it the send, or the server? An empty round trip tells. */
  private async single(error: ApiProblem, send: Send): Promise<void> {
    await this.roundTrip([]);
    this.later.add(send.key);
    if (error.code === "internal") return;
    await putAside(this.db, send, error);
    await this.news.requeued();
  }
}

/** Where this phone stands. */
export async function positionOf(db: PersonDb): Promise<Position> {
  const meta = await durable(db, () => allMeta(db));
  if (!meta.device) throw new Error("a store without a device number");
  return {
    device: meta.device,
    logId: meta.logId ?? null,
    cursor: meta.cursor ?? null,
    acknowledged: meta.acknowledged ?? 0,
    scopeHash: meta.scopeHash ?? null,
    stateHash: meta.stateHash ?? null,
  };
}
