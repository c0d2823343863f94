/**
 * Saves what is typed while it is typed. One after the other, never two at once; what could
 * not be saved is kept and tried again at the next chance.
 */

/** How long typing may run ahead of its draft. */
export const AUTOSAVE_MS = 250;

export interface AutosaveTarget<T> {
  save: (value: T) => Promise<void>;
  discard: () => Promise<void>;
  /** Hears `null` after a success, the error after a failure. */
  onResult: (error: unknown) => void;
}

export class Autosave<T> {
  readonly #target: AutosaveTarget<T>;
  #waiting: { value: T } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #chain: Promise<void> = Promise.resolve();
  #ended = false;
  #round = 0;

  constructor(target: AutosaveTarget<T>) {
    this.#target = target;
  }

  /** Takes the newest value; it is saved within AUTOSAVE_MS. */
  put(value: T): void {
    if (this.#ended) return;
    this.#waiting = { value };
    this.#timer ??= setTimeout(() => void this.flush(), AUTOSAVE_MS);
  }

  /** Saves now what is still waiting; resolves when all of it was tried. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const taken = this.#waiting;
    this.#waiting = null;
    if (taken !== null) this.#chain = this.#chain.then(() => this.#save(taken));
    return this.#chain;
  }

  /** Forgets what waits and discards the draft; later changes start a new one. Rejects when it stays. */
  discard(): Promise<void> {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
    const discarded = this.#chain.then(() => this.#target.discard());
    this.#chain = discarded.catch(() => undefined);
    return discarded;
  }

  /** Like discard, for good: the form was saved, nothing may write its draft again. */
  end(): Promise<void> {
    this.#ended = true;
    return this.discard();
  }

  async #save(taken: { value: T }): Promise<void> {
    const round = this.#round;
    try {
      await this.#target.save(taken.value);
      this.#target.onResult(null);
    } catch (error) {
      if (round === this.#round) this.#waiting ??= taken;
      this.#target.onResult(error);
    }
  }
}
