/**
 * Where somebody came from: the screens looked at since the last tab, and how far each was scrolled.
 * Forms are no stations: one goes back behind them. Addresses hold ids only.
 */
import { useLayoutEffect, useMemo } from "preact/hooks";

interface Station {
  url: string;
  scroll: number;
}

let trail: Station[] = [];

/** Enters a screen; answers how far it was scrolled when it was left, null when it is a new one. */
function arrive(url: string, tab: boolean): number | null {
  const at = trail.findIndex((station) => station.url === url);
  const known = trail[at];
  trail = known ? trail.slice(0, at + 1) : [...(tab ? [] : trail), { url, scroll: 0 }];
  return known?.scroll ?? null;
}

/** The screen a form or task was opened from. */
export function openedFrom(otherwise: string): string {
  return trail.at(-1)?.url ?? otherwise;
}

export interface Way {
  /** Where the back arrow leads. */
  back: string;
  /** The screen was come back to, not opened anew. */
  returned: boolean;
}

/**
 * Makes the screen a station, and puts it where it was left when somebody comes back to it. `tab`
 * for the screens of the bottom navigation: with them a new way begins.
 */
export function useWayBack(url: string, otherwise: string, tab = false): Way {
  const way = useMemo(() => {
    const scroll = arrive(url, tab);
    return { scroll, back: trail.at(-2)?.url ?? otherwise };
  }, [url, otherwise, tab]);
  useLayoutEffect(() => {
    // After the router's own jump to the top.
    if (way.scroll) queueMicrotask(() => scrollTo(0, way.scroll ?? 0));
    const note = () => {
      const here = trail.find((station) => station.url === url);
      if (here) here.scroll = scrollY;
    };
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, [way, url]);
  return { back: way.back, returned: way.scroll !== null };
}
