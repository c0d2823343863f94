/**
 * What a feature hands to `app/features.ts`. Features never import each other: they meet
 * here, through links by id and through the sections they lend to other screens.
 */
import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { IconName } from "./icons";

/** One screen: a preact-iso path and the component that shows it. */
export interface FeatureRoute {
  path: string;
  view: ComponentType<{ id?: string }>;
  /** Wanted so seldom that it is not fetched ahead of the tap. */
  rare?: true;
}

/** One place in the bottom bar (the rail on wide screens), in ascending order. */
export interface FeatureNav {
  label: string;
  href: string;
  icon: IconName;
  order: number;
  /** Addresses of other features that are reached from here. */
  covers?: readonly string[];
}

/** A section a feature lends to Heute. */
export interface TodaySection {
  order: number;
  /** Also while there is no case yet. */
  always?: boolean;
  view: ComponentType;
}

/** A section a feature lends to the screen of one case. */
export interface CaseSection {
  order: number;
  /** Right below the name, before anything else: only for what has just happened. */
  first?: boolean;
  view: ComponentType<{ caseId: string }>;
}

/** Where a draft is written on, and what it is a draft of. */
export interface DraftPlace {
  label: string;
  href: string;
}

/** Says whose a draft is. */
export type DraftWhose = ComponentType<{ draftKey: string }>;

/** What an entry of a table is called on Synchronisierung, before the name it is about. */
export interface EntryLabel {
  label: string;
  icon: IconName;
  /** Where the row with this id is shown, when it has a screen of its own. */
  href?: (id: string) => string;
  /** What tells it apart from others about the same person. */
  words?: ComponentType<{ id: string }>;
}

/** Everything the app needs to know about a feature. */
export interface Feature {
  name: string;
  /** The roles that have this feature; absent: everybody. */
  roles?: readonly string[];
  routes: FeatureRoute[];
  /** Per table of this feature. */
  entries?: Readonly<Record<string, EntryLabel>>;
  nav?: FeatureNav;
  today?: TodaySection[];
  inCase?: CaseSection[];
  /** Names a draft by its key; `null` when the key belongs to another feature. */
  draft?: (key: string) => DraftPlace | null;
  whose?: DraftWhose;
}

/** The features of the person who is in; filled by the shell. */
export const Features = createContext<Feature[]>([]);

/** The sections other features put on Heute, in order. */
export function useTodaySections(): TodaySection[] {
  const all = useContext(Features).flatMap((feature) => feature.today ?? []);
  return all.sort((a, b) => a.order - b.order);
}

/** The sections other features put into a case, in order: those right below the name, or the others. */
export function useCaseSections(first: boolean): CaseSection[] {
  const all = useContext(Features).flatMap((feature) => feature.inCase ?? []);
  return all.filter((one) => (one.first ?? false) === first).sort((a, b) => a.order - b.order);
}

/** What a draft's key stands for; `null` when no feature knows it. */
export function placeOfDraft(
  features: readonly Feature[],
  key: string,
): (DraftPlace & Pick<Feature, "whose">) | null {
  for (const { draft, whose } of features) {
    const place = draft?.(key);
    if (place) return { ...place, ...(whose && { whose }) };
  }
  return null;
}

/** How the entries of a table are called; `null` when no feature knows the table. */
export function useEntryLabel(): (table: string) => EntryLabel | null {
  const features = useContext(Features);
  return (table) => {
    for (const feature of features) {
      const found = feature.entries?.[table];
      if (found) return found;
    }
    return null;
  };
}
