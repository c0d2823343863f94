/** Whose contact it is: the recent cases as chips, all others behind a search. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../ui/button";
import { ActionChip, Chip, ChipGroup } from "../../ui/chips";
import { SearchField } from "../../ui/fields";
import { CardList, Empty, Pseudonym } from "../../ui/parts";
import { Sheet } from "../../ui/sheet";
import { plural } from "../../ui/words";
import { type CaseChoice, offeredCases, searchCases, UNREADABLE_TEXT } from "./model";
import { choiceById, choices, keepRanked, rankedCases } from "./store";

const SHOWN = 30;

/** A person's name as everybody may read it on this phone. */
export function Who({ choice }: { choice: CaseChoice | undefined }) {
  if (choice === undefined) return <>Fall nicht auf diesem Telefon</>;
  return (
    <>
      {choice.name || UNREADABLE_TEXT} <Pseudonym>{choice.pseudonym ?? "neu"}</Pseudonym>
    </>
  );
}

export interface CaseChipsProps {
  value: string | null;
  error: string | null;
  onChange: (caseId: string) => void;
  onSearch: () => void;
}

/** The first question of the form. */
export function CaseChips({ value, error, onChange, onSearch }: CaseChipsProps) {
  const offered = useOffered(value);
  return (
    <ChipGroup legend="Fall" error={error}>
      {offered.map((choice) => (
        <Chip
          key={choice.id}
          name="caseId"
          value={choice.id}
          checked={choice.id === value}
          onChange={() => onChange(choice.id)}
        >
          <Who choice={choice} />
        </Chip>
      ))}
      <ActionChip icon="search" onClick={onSearch}>
        Anderer Fall
      </ActionChip>
    </ChipGroup>
  );
}

/** Keeps the offered cases ready where the form is opened from, the latest contact among them. */
export function useReadyChips(): void {
  useLayoutEffect(keepRanked, []);
}

export interface CaseSheetProps {
  open: boolean;
  onChoose: (caseId: string) => void;
  onClose: () => void;
}

/** All open cases, to search; outside of the form, so that Enter does not send it. */
export function CaseSheet({ open, onChoose, onClose }: CaseSheetProps) {
  return (
    <Sheet open={open} title="Anderer Fall" onClose={onClose}>
      <CaseSearch cases={choices.value ?? []} onChoose={onChoose} onClose={onClose} />
    </Sheet>
  );
}

/** The offered chips keep their places while the form is open; only a searched one joins in front. */
function useOffered(value: string | null): CaseChoice[] {
  const first = useRef<string[]>([]);
  const byId = choiceById.value;
  const chosen = value === null ? undefined : byId.get(value);
  if (first.current.length === 0)
    first.current = offeredCases(rankedCases(), chosen).map(({ id }) => id);
  if (chosen && !first.current.includes(chosen.id))
    first.current = [chosen.id, ...first.current.slice(0, -1)];
  return first.current.flatMap((id) => byId.get(id) ?? []);
}

interface CaseSearchProps {
  cases: CaseChoice[];
  onChoose: (id: string) => void;
  onClose: () => void;
}

function CaseSearch({ cases, onChoose, onClose }: CaseSearchProps) {
  const [query, setQuery] = useState("");
  const { found, total } = searchCases(cases, query, SHOWN);
  return (
    <div class="zz-stack">
      <div class="zz-find">
        <SearchField
          label="Offene Fälle durchsuchen"
          placeholder="Name, Nummer"
          value={query}
          onInput={setQuery}
        />
        <IconButton icon="close" label="Schließen" onClick={onClose} />
      </div>
      <p class="zz-vh" role="status">
        {plural(total, "# Fall gefunden", "# Fälle gefunden")}
      </p>
      <div class="zz-found zz-stack">
        {found.length === 0 ? (
          <NothingFound />
        ) : (
          <CardList label="Gefundene Fälle">
            {found.map((choice) => (
              <li key={choice.id}>
                <button class="zz-item" type="button" onClick={() => onChoose(choice.id)}>
                  <b class="zz-item__t">
                    <span>
                      <Who choice={choice} />
                    </span>
                  </b>
                </button>
              </li>
            ))}
          </CardList>
        )}
        {total > found.length && (
          <p class="zz-muted zz-s">
            {plural(total - found.length, "# weiterer Fall", "# weitere Fälle")}: bitte genauer
            suchen.
          </p>
        )}
      </div>
    </div>
  );
}

function NothingFound() {
  return (
    <Empty icon="search" title="Kein offener Fall gefunden">
      <p class="zz-muted">
        Prüfen Sie die Schreibweise, oder legen Sie den Fall zuerst an: Was Sie hier schon gewählt
        haben, bleibt als Entwurf.
      </p>
      <a class="zz-link" href="/faelle/neu">
        Fall anlegen
      </a>
    </Empty>
  );
}
