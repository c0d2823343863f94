/** A part of the app that is loaded behind what is shown first. */
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

interface Later<P> {
  /** Shows the part as soon as it is there, `fallback` until then; throws when it cannot be had. */
  Part: ComponentType<P & { fallback?: ComponentChildren }>;
  /** Fetches it ahead. */
  preload: () => Promise<void>;
}

/** Wraps a part in its own file. One load serves all; a failed one is tried again. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  let loaded: ComponentType<P> | null = null;
  let loading: Promise<void> | null = null;
  const preload = () => {
    loading ??= load().then(
      (component) => {
        loaded = component;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  return {
    Part: ({ fallback, ...props }) => usePart(() => loaded, preload, props as P, fallback),
    preload,
  };
}

function usePart<P extends object>(
  current: () => ComponentType<P> | null,
  preload: () => Promise<void>,
  props: P,
  fallback: ComponentChildren,
) {
  const [state, setState] = useState<{ error?: unknown }>({});
  const Loaded = current();
  useEffect(() => {
    if (Loaded) return;
    preload().then(
      () => setState({}),
      (error: unknown) => setState({ error }),
    );
  }, [Loaded, preload]);
  if ("error" in state) throw state.error;
  return Loaded ? <Loaded {...props} /> : (fallback ?? null);
}
