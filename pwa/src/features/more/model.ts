/** What stands between a person and signing out. Pure. */
import { plural } from "../../ui/words";

/** What exists on this phone only. */
export interface OnlyHere {
  /** Not secured yet, or to be cleared up. */
  entries: number;
  drafts: number;
  /** Quick notes that wait. */
  notes: number;
}

export interface Obstacle {
  title: string;
  text: string;
  /** Where it can be cleared away. */
  href: string;
  link: string;
}

/** Why signing out would lose something now, entries first; null when nothing would be lost. */
export function obstacle({ entries, drafts, notes }: OnlyHere): Obstacle | null {
  if (entries > 0) {
    return {
      title: plural(
        entries,
        "# Eintrag ist noch nicht gesichert",
        "# Einträge sind noch nicht gesichert",
      ),
      text: "Abmelden entfernt alles von diesem Telefon. Bitte synchronisieren Sie zuerst.",
      href: "/synchronisierung",
      link: "Zur Synchronisierung",
    };
  }
  if (drafts === 0) return notesHere(notes);
  return {
    title: plural(
      drafts,
      "# Entwurf liegt nur auf diesem Telefon",
      "# Entwürfe liegen nur auf diesem Telefon",
    ),
    text: "Abmelden entfernt alles von diesem Telefon. Bitte speichern oder verwerfen Sie zuerst, was Sie begonnen haben.",
    href: "/heute",
    link: "Zu den Entwürfen",
  };
}

function notesHere(notes: number): Obstacle | null {
  if (notes === 0) return null;
  return {
    title: plural(
      notes,
      "# Schnellnotiz liegt nur auf diesem Telefon",
      "# Schnellnotizen liegen nur auf diesem Telefon",
    ),
    text: "Abmelden entfernt alles von diesem Telefon. Bitte ordnen Sie zuerst zu oder verwerfen Sie, was wartet.",
    href: "/heute",
    link: "Zu den Schnellnotizen",
  };
}
