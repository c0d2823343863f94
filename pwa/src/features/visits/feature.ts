/** What visits hand to the app: the screens of a contact and sections for Heute and a case. */
import type { Feature } from "../../ui/feature";
import { lazyScreen } from "../../ui/lazy_screen";
import { COUNSELLING } from "../../ui/roles";
import { contactDraftPlace } from "./draft_keys";
import { ContactDraftWhose } from "./draft_whose";
import { ContactWords } from "./entry_words";
import { QuickNotes } from "./quick_notes";
import { ContactScreen, EditContactScreen, NewContactScreen } from "./screen";
import { CaseTimeline, SavedLine } from "./timeline";
import { Appointments, Planned, RecentContacts, VerbisReminder } from "./today_sections";

// Wanted on Fridays: fetched when asked for, not with every start.
const VerbisScreen = lazyScreen(async () => (await import("./pages")).VerbisScreen);

export const visits: Feature = {
  name: "visits",
  roles: COUNSELLING,
  entries: {
    visit: {
      label: "Kontakt",
      icon: "talk",
      href: (id) => `/kontakt/${id}`,
      words: ContactWords,
    },
  },
  routes: [
    { path: "/kontakt", view: NewContactScreen },
    { path: "/kontakt/:id", view: ContactScreen },
    {
      path: "/kontakt/:id/bearbeiten",
      view: EditContactScreen,
    },
    {
      path: "/verbis",
      view: VerbisScreen,
    },
  ],
  today: [
    { order: 1, always: true, view: QuickNotes },
    { order: 5, view: Planned },
    { order: 20, view: Appointments },
    { order: 40, view: VerbisReminder },
    { order: 50, view: RecentContacts },
  ],
  inCase: [
    { order: 0, first: true, view: SavedLine },
    { order: 10, view: CaseTimeline },
  ],
  draft: contactDraftPlace,
  whose: ContactDraftWhose,
};
