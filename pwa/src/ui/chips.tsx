/** Chips: real radio buttons and checkboxes under a label. Chosen = filled and ticked. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon, type IconName } from "./icons";

export interface ChipGroupProps {
  /** The question, as a legend. */
  legend: ComponentChildren;
  /** Keeps the legend for screen readers alone. */
  quiet?: boolean | undefined;
  /** Says what is missing; linked with the group. */
  error?: string | null | undefined;
  children: ComponentChildren;
}

/** A question and its chips. */
export function ChipGroup({ legend, quiet, error, children }: ChipGroupProps) {
  const id = useId();
  return (
    <fieldset class="zz-sec" aria-describedby={error ? id : undefined}>
      <legend class={quiet ? "zz-vh" : "zz-legend"}>{legend}</legend>
      <div class="zz-chips">{children}</div>
      {error && (
        <p class="zz-error" id={id}>
          <Icon name="warn" small />
          {error}
        </p>
      )}
    </fieldset>
  );
}

export interface ChipProps {
  /** radio: one of the group; checkbox: any number. */
  type?: "radio" | "checkbox" | undefined;
  /** The group's name; radio buttons of one name exclude each other. */
  name: string;
  value: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ComponentChildren;
}

/** One choice. */
export function Chip({ type = "radio", name, value, checked, onChange, children }: ChipProps) {
  return (
    <label class="zz-chip">
      <input
        type={type}
        name={name}
        value={value}
        checked={checked}
        autocomplete="off"
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{children}</span>
      <Icon name="check" class="zz-chip__tick" />
    </label>
  );
}

export interface ActionChipProps {
  icon?: IconName | undefined;
  expanded?: boolean | undefined;
  onClick: () => void;
  children: ComponentChildren;
}

/** A dashed chip that opens something: a search, the rarer choices. */
export function ActionChip({ icon, expanded, onClick, children }: ActionChipProps) {
  return (
    <button class="zz-chip zz-chip--quiet" type="button" aria-expanded={expanded} onClick={onClick}>
      {icon && <Icon name={icon} small />}
      {children}
    </button>
  );
}
