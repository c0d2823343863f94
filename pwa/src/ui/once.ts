/** What costs a little for each of ten thousand rows is made once per row. */
import { zoneChanges } from "./dates";

/**
 * Makes something of an object once and remembers it as long as the object lives; made anew when
 * the office's zone has changed since. For objects that are replaced whenever they change.
 */
export function oncePer<O extends object, V extends object>(make: (of: O) => V): (of: O) => V {
  let made = new WeakMap<O, V>();
  let zone = zoneChanges();
  return (of) => {
    if (zone !== zoneChanges()) {
      zone = zoneChanges();
      made = new WeakMap();
    }
    const known = made.get(of);
    if (known !== undefined) return known;
    const value = make(of);
    made.set(of, value);
    return value;
  };
}
