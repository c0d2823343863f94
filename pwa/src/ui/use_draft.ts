/**
 * A form that cannot be lost: every change is kept as a sealed draft, also when the app goes
 * to the background or is killed. What seals and stores comes in as an argument.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { Autosave } from "./autosave";

export interface DraftStore {
  /** False when there is certainly no draft: the form opens without looking for one. */
  mayHave(key: string): boolean;
  load<T>(key: string, version: number): Promise<T | null>;
  save(key: string, version: number, value: unknown): Promise<void>;
  discard(key: string): Promise<void>;
  /** The form is open: updates keep away. The answer says that it was left, its draft saved. */
  hold(key: string): () => void;
}

export interface DraftForm<T> {
  /** `null` until it is known whether there is a draft. */
  value: T | null;
  /** The value came from a draft. */
  restored: boolean;
  /** There is a draft that could be discarded. */
  kept: boolean;
  /** The last attempt to keep the draft failed. */
  failed: boolean;
  /** Changes the form; `now` for taps, without it typing is gathered for a quarter of a second. */
  change(next: T, now?: boolean): void;
  /** Throws the draft away and starts anew. */
  discard(): Promise<void>;
  /** The form was saved: its draft is gone for good. */
  end(): Promise<void>;
}

interface State<T> {
  value: T | null;
  restored: boolean;
  kept: boolean;
  failed: boolean;
}

/** State and draft of one form; another key is another form. */
export function useDraft<T>(
  key: string,
  version: number,
  store: DraftStore,
  blank: () => T,
): DraftForm<T> {
  const [state, setState] = useState<State<T>>(() => ({
    value: store.mayHave(key) ? null : blank(),
    restored: false,
    kept: false,
    failed: false,
  }));
  const begun = useRef(state.value === null ? null : key);
  const autosave = useRef<Autosave<T> | null>(null);
  const start = useRef(blank);
  start.current = blank;

  useEffect(() => {
    const release = store.hold(key);
    const keeper = new Autosave<T>({
      save: (value) => store.save(key, version, value),
      discard: () => store.discard(key),
      onResult: (error) => setState((old) => ({ ...old, failed: error !== null })),
    });
    autosave.current = keeper;
    let open = true;
    const begin = (value: T | null, failed: boolean) => {
      if (!open) return;
      const restored = value !== null;
      setState({ value: value ?? start.current(), restored, kept: restored, failed });
    };
    if (begun.current !== key) {
      begun.current = null;
      store.load<T>(key, version).then(
        (value) => begin(value, false),
        () => begin(null, true),
      );
    }
    const stop = flushWhenLeaving(() => keeper.flush());
    return () => {
      open = false;
      stop();
      void keeper.flush().then(release);
    };
  }, [key, version, store]);

  return {
    ...state,
    change(value, now = false) {
      setState((old) => ({ ...old, value, kept: true }));
      autosave.current?.put(value);
      if (now) void autosave.current?.flush();
    },
    async discard() {
      await autosave.current?.discard();
      setState({ value: start.current(), restored: false, kept: false, failed: false });
    },
    end: async () => autosave.current?.end(),
  };
}

/** What a draft holds, without its form: undefined while it is opened, `null` when nothing. */
export function useDraftGlance<T>(
  key: string,
  version: number,
  store: DraftStore,
): T | null | undefined {
  const [value, setValue] = useState<T | null>();
  useEffect(() => {
    store.load<T>(key, version).then(setValue, (error: unknown) => {
      reportError(error);
      setValue(null);
    });
  }, [key, version, store]);
  return value;
}

/** Flushes when the app goes to the background, is closed, or a field loses the focus. */
function flushWhenLeaving(flush: () => Promise<void>): () => void {
  const leave = () => void flush();
  const hide = () => {
    if (document.visibilityState === "hidden") void flush();
  };
  document.addEventListener("visibilitychange", hide);
  addEventListener("pagehide", leave);
  document.addEventListener("focusout", leave);
  return () => {
    document.removeEventListener("visibilitychange", hide);
    removeEventListener("pagehide", leave);
    document.removeEventListener("focusout", leave);
  };
}
