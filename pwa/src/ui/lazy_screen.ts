/** Screens that are loaded when first wanted; from the phone's own cache, so offline too. */
import type { ComponentType } from "preact";
import { lazy } from "preact-iso";

/** A screen to be loaded. `preload` fetches it ahead of the tap. */
export type LazyScreen<P> = ComponentType<P> & { preload: () => Promise<ComponentType<P>> };

/**
 * Loads a screen on first use. When that fails, the screen itself throws, so that the error
 * boundary can say so instead of leaving a tap without an answer.
 */
export function lazyScreen<P>(load: () => Promise<ComponentType<P>>): LazyScreen<P> {
  const failed = (error: unknown): ComponentType<P> => {
    return function Failed() {
      throw error;
    };
  };
  return lazy(() => load().catch(failed)) as LazyScreen<P>;
}
