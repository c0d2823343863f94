/** Whose case a draft is about, for the list on Heute. */
import { Pseudonym } from "../../ui/parts";
import { useDraftGlance } from "../../ui/use_draft";
import { type CaseDraft, caseDrafts, caseList, DRAFT_VERSION } from "./store";

/** Name and number, or that no name was written yet. */
export function CaseDraftWhose({ draftKey }: { draftKey: string }) {
  const draft = useDraftGlance<CaseDraft>(draftKey, DRAFT_VERSION, caseDrafts);
  if (draft === undefined) return <>Entwurf</>;
  const known = caseList.value?.find(({ item }) => item.id === draft?.id);
  return (
    <>
      {draft?.form.name.trim() || "Noch ohne Namen"}{" "}
      <Pseudonym>{known?.item.pseudonym ?? "neu"}</Pseudonym>
    </>
  );
}
