/** The passing of time for screens that say how old something is. */
import { useEffect, useState } from "preact/hooks";

/** The present in milliseconds; renders anew at every full minute (or `every` milliseconds). */
export function useNow(every = 60_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), every - (Date.now() % every));
    return () => clearTimeout(timer);
  }, [now, every]);
  return now;
}
