/**
 * The vault's work on quick notes. Sealing one needs no key, so that it can be done while locked; it
 * is not signed either: whoever held the locked phone may have written it. Loaded when it is wanted.
 */
import type { NoteRecord } from "./db";
import { fromBase64url, padJson, toBase64url, unpadJson } from "./encoding";
import type { NoteText } from "./keyring";
import type { Identity, Person } from "./keys";
import { boxOpen, boxSeal, KEY_BYTES, loadVault, wipe } from "./vault";

/** Told inside, so that no box made for something else can pass for a note. */
const PURPOSE = "quick_note";

/** An anonymous sealed box for `user`, padded, base64url. @throws RangeError for too long a text. */
export async function sealNote(
  { id, at, text }: NoteText,
  user: string,
  boxPublic: string,
): Promise<string> {
  await loadVault();
  const padded = padJson({ purpose: PURPOSE, user, id, at, text });
  const box = boxSeal(padded, fromBase64url(boxPublic, KEY_BYTES));
  wipe(padded);
  return toBase64url(box);
}

/** The text of each note; null for a box of another seed, or one that is not what it claims. */
export function openNotes(
  me: { person: Person; secrets: Identity },
  notes: readonly NoteRecord[],
): (string | null)[] {
  return notes.map((note) => {
    const inside = opened(note.box, me.secrets);
    const { purpose, user, id, at, text } = inside ?? {};
    const right = purpose === PURPOSE && user === me.person.user;
    const same = id === note.id && at === note.at && typeof text === "string";
    return right && same ? text : null;
  });
}

function opened(box: string, { box: pair }: Identity): Record<string, unknown> | null {
  try {
    const padded = boxOpen(fromBase64url(box), pair);
    return padded && (unpadJson(padded) as Record<string, unknown>);
  } catch {
    // Not even a box with JSON in it: one odd note must not take the others away.
    return null;
  }
}
