/** What screens are put together from: sections, cards, rows, notes, bars, facts. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { classes } from "./classes";
import { Icon, type IconName, Sign, type Tone } from "./icons";

export interface SectionProps {
  title: ComponentChildren;
  /** Quiet words at the right of the heading, such as a count. */
  aside?: ComponentChildren;
  /** The heading's level; 3 inside a pane whose heading is an h2. */
  level?: 2 | 3 | undefined;
  children: ComponentChildren;
}

/** A named region with a heading. */
export function Section({ title, aside, level = 2, children }: SectionProps) {
  const id = useId();
  const Heading = `h${level}` as const;
  return (
    <section class="zz-sec" aria-labelledby={id}>
      <div class="zz-sec__head">
        <Heading id={id}>{title}</Heading>
        {aside !== undefined && <span class="zz-muted zz-s">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

/** A plain card; `pad` for free text, without it for rows that reach the edge. */
export function Card({
  pad,
  children,
}: {
  pad?: boolean | undefined;
  children: ComponentChildren;
}) {
  return <div class={classes("zz-card", pad && "zz-card--pad")}>{children}</div>;
}

/** A card of rows; each child is an `<li>` (Item makes its own). */
export function CardList({
  label,
  children,
}: {
  label?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <ul class="zz-card" aria-label={label}>
      {children}
    </ul>
  );
}

/** The round ground of an icon at the head of a row. */
export function Disc({
  icon,
  tone,
}: {
  icon: IconName;
  tone?: Tone | "accent" | "plan" | undefined;
}) {
  return (
    <span class={classes("zz-disc", tone && `zz-disc--${tone}`)}>
      <Icon name={icon} />
    </span>
  );
}

export interface ItemProps {
  icon?: IconName | undefined;
  tone?: Tone | "accent" | undefined;
  title: ComponentChildren;
  /** The quiet line below. */
  note?: ComponentChildren;
  /** A link to … */
  href?: string | undefined;
  /** … or a button that does … */
  onClick?: (() => void) | undefined;
  /** Washes the whole row: something here waits, or somebody must act. */
  alert?: "wait" | "stop" | undefined;
  /** Further lines below the note: state, actions. */
  children?: ComponentChildren;
}

/** One row of a card; with an address or an action it ends in a chevron. */
export function Item(props: ItemProps) {
  const name = classes("zz-item", props.alert && `zz-item--${props.alert}`);
  const inner = (
    <>
      {props.icon && <Disc icon={props.icon} tone={props.tone} />}
      <span class="zz-item__t">
        <b>{props.title}</b>
        {props.note !== undefined && <small>{props.note}</small>}
        {props.children}
      </span>
      {(props.href !== undefined || props.onClick) && <Icon name="right" />}
    </>
  );
  return <li>{itemElement(props, name, inner)}</li>;
}

function itemElement(props: ItemProps, name: string, inner: ComponentChildren) {
  if (props.href !== undefined) {
    return (
      <a class={name} href={props.href} onClick={props.onClick}>
        {inner}
      </a>
    );
  }
  if (props.onClick) {
    return (
      <button class={name} type="button" onClick={props.onClick}>
        {inner}
      </button>
    );
  }
  return <div class={name}>{inner}</div>;
}

export interface NoteProps {
  tone?: "plain" | Tone | undefined;
  icon?: IconName | undefined;
  title?: ComponentChildren;
  /** Speaks up by itself when it appears; only for what the person must not miss. */
  alert?: boolean | undefined;
  children?: ComponentChildren;
}

/** A framed remark: a hint, a warning, an answer that something went wrong. */
export function Note({ tone = "plain", icon, title, alert, children }: NoteProps) {
  return (
    <div class={classes("zz-note", `zz-note--${tone}`)} role={alert ? "alert" : undefined}>
      {tone === "plain" ? icon && <Icon name={icon} /> : <Sign tone={tone} />}
      <div class="zz-note__t">
        {title !== undefined && <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}

/** A short state in words with its shape. */
export function Tag({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`zz-tag zz-tag--${tone}`}>
      <Sign tone={tone} />
      {children}
    </span>
  );
}

export interface BarProps {
  /** From 0 to max. */
  value: number;
  max: number;
  tone?: "wait" | "done" | undefined;
  large?: boolean | undefined;
}

/** A bar that repeats a number said in words beside it; hence hidden from screen readers. */
export function Bar({ value, max, tone, large }: BarProps) {
  return (
    <progress
      class={classes("zz-bar", tone && `zz-bar--${tone}`, large && "zz-bar--l")}
      value={Math.min(Math.max(value, 0), max)}
      max={max}
      aria-hidden="true"
    />
  );
}

/** A pseudonym (or another number of ours): quiet, never broken across lines. */
export function Pseudonym({ children }: { children: ComponentChildren }) {
  return <span class="zz-id">{children}</span>;
}

/** Pairs of name and value in a card. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="zz-card zz-dl">{children}</dl>;
}

/** One pair inside Facts. */
export function Fact({ name, children }: { name: ComponentChildren; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export interface EmptyProps {
  icon: IconName;
  title: ComponentChildren;
  children?: ComponentChildren;
}

/** Nothing here yet: what that means and what to do next. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div class="zz-empty">
      <Disc icon={icon} tone="accent" />
      <p class="zz-b">{title}</p>
      {children}
    </div>
  );
}

/** While something is read from this phone; says so only when it takes longer. */
export function Loading({ children = "Wird geladen …" }: { children?: ComponentChildren }) {
  return (
    <p class="zz-loading zz-muted" role="status">
      {children}
    </p>
  );
}

/** What happened, newest first (or planned, first of all). */
export function Timeline({ children }: { children: ComponentChildren }) {
  return <ol class="zz-tl">{children}</ol>;
}

export interface TimelineEntryProps {
  icon: IconName;
  /** Planned, not yet happened: dashed disc. */
  planned?: boolean | undefined;
  /** When and where, in words. */
  when: ComponentChildren;
  /** For the `datetime` attribute. */
  instant?: string | undefined;
  title: ComponentChildren;
  href?: string | undefined;
  children?: ComponentChildren;
}

/** One entry of a Timeline. */
export function TimelineEntry(props: TimelineEntryProps) {
  const title = <b>{props.title}</b>;
  return (
    <li>
      <Disc icon={props.icon} tone={props.planned ? "plan" : undefined} />
      <div class="zz-tl__b">
        <time class="zz-num" dateTime={props.instant}>
          {props.when}
        </time>
        {props.href === undefined ? title : <a href={props.href}>{title}</a>}
        {props.children}
      </div>
    </li>
  );
}
