/** Whose contact a draft is about, for the list on Heute. */
import { useDraftGlance } from "../../ui/use_draft";
import { Who } from "./case_choice";
import { type ContactDraft, choiceById, choices, contactDrafts, DRAFT_VERSION } from "./store";

/** Name and number, or that nobody was chosen yet. */
export function ContactDraftWhose({ draftKey }: { draftKey: string }) {
  const draft = useDraftGlance<ContactDraft>(draftKey, DRAFT_VERSION, contactDrafts);
  if (draft === undefined || choices.value === null) return <>Entwurf</>;
  const caseId = draft?.form.caseId ?? null;
  return caseId === null ? <>Noch ohne Fall</> : <Who choice={choiceById.value.get(caseId)} />;
}
