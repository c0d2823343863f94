/** Something a tap sets going: busy meanwhile, and a sentence when it fails. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** What went wrong, ready to show. Problems made for people carry a `code` and a German message. */
export function problemText(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.message;
  }
  return "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal; gespeicherte Einträge bleiben erhalten.";
}

export interface Action<Arguments extends unknown[]> {
  busy: boolean;
  /** The German sentence of the last failure; null after a success and while it runs. */
  problem: string | null;
  /** What was thrown, for screens that say more about some failures. */
  error: unknown;
  /** Runs it unless it runs already; answers whether it went well. */
  run: (...given: Arguments) => Promise<boolean>;
}

/** Wraps an asynchronous deed for a screen. An unforeseen error is also reported to the browser. */
export function useAction<Arguments extends unknown[]>(
  deed: (...given: Arguments) => Promise<unknown>,
): Action<Arguments> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: null,
  });
  const latest = useRef(deed);
  latest.current = deed;
  const running = useRef(false);
  const shown = useMounted();
  const run = useCallback(
    async (...given: Arguments) => {
      if (running.current) return false;
      running.current = true;
      setState({ busy: true, error: null });
      let error: unknown = null;
      try {
        await latest.current(...given);
      } catch (thrown) {
        error = thrown;
        if (!(thrown instanceof Error && "code" in thrown)) reportError(thrown);
      }
      running.current = false;
      if (shown.current) setState({ busy: false, error });
      return error === null;
    },
    [shown],
  );
  return { ...state, problem: state.error === null ? null : problemText(state.error), run };
}

function useMounted() {
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return mounted;
}
