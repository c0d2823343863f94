/** Name and number of a person, as everywhere: the name first, the number quiet. */
import { Pseudonym } from "../../ui/parts";
import type { ClientCase } from "./model";

export const UNREADABLE_TEXT = "Auf diesem Gerät nicht lesbar";

/** The name; words instead when this phone cannot open it. */
export function nameText(item: ClientCase): string {
  return item.unreadable.includes("name") ? UNREADABLE_TEXT : item.name;
}

/** Name and number in one line. */
export function CaseName({ item }: { item: ClientCase }) {
  return (
    <>
      {nameText(item)} <Pseudonym>{item.pseudonym ?? "neu"}</Pseudonym>
    </>
  );
}
