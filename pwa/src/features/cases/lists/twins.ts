/** Who is in a list twice, or has a case already. Pure. */
import { nameKey, numberKey } from "./values";

/** What is compared of a person. Absent values are null or empty. */
export interface Identity {
  name: string;
  dateOfBirth: string | null;
  clientNumber: string | null;
}

/** A case that is there already. */
export interface Known extends Identity {
  id: string;
  pseudonym: string | null;
}

/** The same person: a case on this phone, or an earlier line of the list. */
export type Twin = { known: Known } | { line: number };

/** Finds the same person again: by the client number, or by name and date of birth. */
export class Twins {
  private readonly seen = new Map<string, Twin>();
  private readonly names = new Map<string, Known>();

  constructor(known: readonly Known[]) {
    for (const one of known) {
      this.add(one, { known: one });
      if (nameKey(one.name) !== "") this.names.set(nameKey(one.name), one);
    }
  }

  /** Remembers a person; whoever was there first stays. */
  add(person: Identity, twin: Twin): void {
    for (const key of keysOf(person)) if (!this.seen.has(key)) this.seen.set(key, twin);
  }

  /** The same person, or null. */
  find(person: Identity): Twin | null {
    for (const key of keysOf(person)) {
      const twin = this.seen.get(key);
      if (twin) return twin;
    }
    return null;
  }

  /** A case of the same name where no date of birth can tell the two apart; null without one. */
  namesake(person: Identity): Known | null {
    const known = this.names.get(nameKey(person.name));
    return known && (!known.dateOfBirth || !person.dateOfBirth) ? known : null;
  }
}

function keysOf({ name, dateOfBirth, clientNumber }: Identity): string[] {
  const number = numberKey(clientNumber ?? "");
  const named = nameKey(name);
  return [
    ...(number === "" ? [] : [`number ${number}`]),
    ...(named === "" || !dateOfBirth ? [] : [`born ${dateOfBirth} ${named}`]),
  ];
}
