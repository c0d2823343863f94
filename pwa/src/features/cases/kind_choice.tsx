/** The kind of a case, as chips. */
import { CASE_KINDS } from "@sync/codes";
import { Chip, ChipGroup } from "../../ui/chips";
import type { CaseKind } from "./model";

interface KindChoiceProps {
  kind: CaseKind;
  onChange: (kind: CaseKind) => void;
}

export function KindChoice({ kind, onChange }: KindChoiceProps) {
  return (
    <ChipGroup legend="Art">
      {Object.entries(CASE_KINDS).map(([code, text]) => (
        <Chip
          key={code}
          name="kind"
          value={code}
          checked={kind === code}
          onChange={() => onChange(code as CaseKind)}
        >
          {text}
        </Chip>
      ))}
    </ChipGroup>
  );
}
