/** Buttons and links that look like buttons; 48 px and more to touch. */
import type { ComponentChildren } from "preact";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";

export interface ButtonProps {
  /** Filled, outlined or a mere underlined word; one filled button per screen. */
  kind?: "primary" | "secondary" | "tertiary" | undefined;
  /** soft: washed; stop: red rim for what cannot be undone; xl: 72 px; split: label left, icon right. */
  look?: "soft" | "stop" | "xl" | "split" | "soft split" | undefined;
  icon?: IconName | undefined;
  iconEnd?: IconName | undefined;
  /** With href it is a link. */
  href?: string | undefined;
  type?: "button" | "submit" | undefined;
  /** The id of the form it submits, when it stands outside of it (in the dock). */
  form?: string | undefined;
  /** At work: it stays in place and takes no further tap. */
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  describedBy?: string | undefined;
  onClick?: (() => void) | undefined;
  children: ComponentChildren;
}

/** A button, or a link when it has an address. */
export function Button(props: ButtonProps) {
  const { kind = "secondary", look, href } = props;
  const name = classes(
    "kern-btn zz-btn",
    `kern-btn--${kind}`,
    ...(look ?? "").split(" ").map((one) => one && `zz-btn--${one}`),
    props.busy && "is-busy",
  );
  const inner = (
    <>
      {props.icon && <Icon name={props.icon} />}
      <span class="kern-label">{props.children}</span>
      {props.iconEnd && <Icon name={props.iconEnd} />}
    </>
  );
  if (href !== undefined) {
    return (
      <a class={name} href={href} onClick={props.onClick}>
        {inner}
      </a>
    );
  }
  return (
    <button
      class={name}
      type={props.type ?? "button"}
      form={props.form}
      disabled={props.disabled}
      aria-disabled={props.busy || undefined}
      aria-describedby={props.describedBy}
      onClick={(event) => {
        if (props.busy) event.preventDefault();
        else props.onClick?.();
      }}
    >
      {inner}
    </button>
  );
}

export interface IconButtonProps {
  icon: IconName;
  label: string;
  href?: string | undefined;
  onClick?: (() => void) | undefined;
  /** back: left edge of the header; end: right edge; label: shows its word on wide screens. */
  place?: "back" | "end" | "end label" | undefined;
  pressed?: boolean | undefined;
  controls?: string | undefined;
}

/** An icon that stands alone; its label is what assistive technology and tests call it. */
export function IconButton({
  icon,
  label,
  href,
  onClick,
  place,
  pressed,
  controls,
}: IconButtonProps) {
  const name = classes(
    "zz-icbtn",
    ...(place ?? "").split(" ").map((one) => one && `zz-icbtn--${one}`),
  );
  const inner = (
    <>
      <Icon name={icon} />
      <span class="zz-vh">{label}</span>
    </>
  );
  return href !== undefined ? (
    <a class={name} href={href} onClick={onClick}>
      {inner}
    </a>
  ) : (
    <button
      class={name}
      type="button"
      aria-pressed={pressed}
      aria-controls={controls}
      onClick={onClick}
    >
      {inner}
    </button>
  );
}

export interface TileProps {
  icon: IconName;
  href?: string | undefined;
  onClick?: (() => void) | undefined;
  /** The one filled tile of a screen. */
  main?: boolean | undefined;
  children: ComponentChildren;
}

/** A quick action of the dock. */
export function Tile({ icon, href, onClick, main, children }: TileProps) {
  const name = classes("zz-tile", main && "zz-tile--main");
  const inner = (
    <>
      <Icon name={icon} />
      <span>{children}</span>
    </>
  );
  return href !== undefined ? (
    <a class={name} href={href} onClick={onClick}>
      {inner}
    </a>
  ) : (
    <button class={name} type="button" onClick={onClick}>
      {inner}
    </button>
  );
}

/** Tiles side by side; rows when the text is large. */
export function Tiles({ children }: { children: ComponentChildren }) {
  return <div class="zz-tiles">{children}</div>;
}
