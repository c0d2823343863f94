/** Whether there is room for a rail, a list and a detail side by side. */
import { useEffect, useState } from "preact/hooks";

/** From here on there is room for a rail, a list and a detail. */
const WIDE = 900;
/** From here on the detail has room for two columns. */
export const ROOMY = 1200;

/** True from this many px of width. */
export function useWide(from = WIDE): boolean {
  const query = `(min-width: ${from}px)`;
  const [wide, setWide] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const change = () => setWide(media.matches);
    media.addEventListener("change", change);
    change();
    return () => media.removeEventListener("change", change);
  }, [query]);
  return wide;
}
