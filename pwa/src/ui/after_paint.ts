/** Heavy answers wait for the paint of the light ones: a letter shows before its results do. */
import { useEffect, useState } from "preact/hooks";

/** The value as it was before the last paint; follows right after it, leaving out what was overtaken. */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setShown(value));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value]);
  return shown;
}
