/** What the drafts of contacts are called; ids only, never a name. */
import type { DraftPlace } from "../../ui/feature";

const NEW = "visit:new";

/** The draft of a new contact: one from Heute, one for each case. */
export function newKey(caseId: string | null): string {
  return caseId === null ? NEW : `${NEW}:${caseId}`;
}

/** The draft of a new contact that was laid aside, by the contact's id. */
export function asideKey(id: string): string {
  return `visit:aside:${id}`;
}

/** The draft of the contact that is made of a quick note, by the id of both. */
export function noteKey(id: string): string {
  return `visit:note:${id}`;
}

/** The draft of what came of a planned visit. */
export function plannedKey(id: string): string {
  return `visit:planned:${id}`;
}

/** The draft of a change to a contact. */
export function contactKey(id: string): string {
  return `visit:${id}`;
}

const QUERIES: Record<string, string> = {
  new: "fall",
  aside: "entwurf",
  note: "notiz",
  planned: "besuch",
};

/** Where a draft is written on; `null` for a key of another feature. */
export function contactDraftPlace(key: string): DraftPlace | null {
  const label = "Begonnener Kontakt";
  if (key === NEW) return { label, href: "/kontakt" };
  const [table, first, second] = key.split(":");
  if (table !== "visit") return null;
  const query = QUERIES[first ?? ""];
  if (query !== undefined) return { label, href: `/kontakt?${query}=${second}` };
  return { label: "Begonnene Änderung am Kontakt", href: `/kontakt/${first}/bearbeiten` };
}
