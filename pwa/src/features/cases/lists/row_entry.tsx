/** One person of a list on screen: what will be stored, and what there is to say about it. */
import { CASE_KINDS, TARGET_GROUPS } from "@sync/codes";
import { formatDay } from "../../../ui/dates";
import { CheckRow } from "../../../ui/fields";
import { Sign } from "../../../ui/icons";
import { Pseudonym } from "../../../ui/parts";
import type { ListRow } from "./rows";
import { nameOf } from "./store";
import type { Twin } from "./twins";

/** The name and everything else that will be stored, in few lines. */
export function PersonLines({ row }: { row: ListRow }) {
  return (
    <span class="zz-item__t">
      <b>{row.form.name || "Ohne Namen"}</b>
      <small>{details(row)}</small>
    </span>
  );
}

function details({ form }: ListRow): string {
  const { dateOfBirth, handedOver, activationLimit } = form;
  return [
    dateOfBirth && `geboren ${formatDay(dateOfBirth)}`,
    form.clientNumber && `Kundennummer ${form.clientNumber}`,
    form.phone && `Telefon ${form.phone}`,
    form.address.replaceAll("\n", ", "),
    CASE_KINDS[form.kind],
    TARGET_GROUPS[form.targetGroup],
    form.transferringCounsellor && `pAp ${nameOf(form.transferringCounsellor)}`,
    handedOver ? `Übergabe am ${formatDay(handedOver)}` : "In Übergabe",
    activationLimit && `Aktivierung bis ${formatDay(activationLimit)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

interface RowEntryProps {
  row: ListRow;
  taken: boolean;
  onTake: (taken: boolean) => void;
}

/** A person to take or leave out; whoever cannot be stored has nothing to tick. */
export function RowEntry({ row, taken, onTake }: RowEntryProps) {
  const line = `Zeile ${row.line}`;
  return (
    <li class="zz-rowentry">
      {row.problems.length > 0 ? (
        <span class="zz-item">
          <PersonLines row={row} />
        </span>
      ) : (
        <CheckRow checked={taken} onChange={onTake} note={details(row)}>
          <b>{row.form.name}</b>
        </CheckRow>
      )}
      <Remarks row={row} line={line} />
    </li>
  );
}

function Remarks({ row, line }: { row: ListRow; line: string }) {
  if (row.problems.length + row.hints.length === 0 && row.twin === null) return null;
  return (
    <ul class="zz-remarks zz-s">
      {row.problems.map((text) => (
        <li key={text}>
          <Sign tone="stop" />
          <span>
            {line}: {text} So lässt sich kein Fall anlegen.
          </span>
        </li>
      ))}
      {row.twin && (
        <li>
          <Sign tone="wait" />
          <span>
            {line}: <TwinWords twin={row.twin} />
          </span>
        </li>
      )}
      {row.hints.map((text) => (
        <li key={text}>
          <Sign tone="wait" />
          <span>
            {line}: {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

function TwinWords({ twin }: { twin: Twin }) {
  if ("line" in twin) return <>Dieselbe Person steht schon in Zeile {twin.line}.</>;
  const { id, name, pseudonym } = twin.known;
  return (
    <>
      Diese Person hat schon einen Fall:{" "}
      <a href={`/faelle/${id}`}>
        {name} <Pseudonym>{pseudonym ?? "neu"}</Pseudonym>
      </a>
    </>
  );
}
