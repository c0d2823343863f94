/**
 * The frame of every screen: header (back, chip, lock), title, content, dock, bottom navigation.
 * It knows neither sync nor session: the root hands both in through FrameContext.
 */
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { SaidBar } from "./announce";
import { IconButton } from "./button";
import { classes } from "./classes";
import { focusMain, mainPart } from "./focus";
import { Icon, type IconName } from "./icons";
import { useWide } from "./wide";

export interface Tab {
  href: string;
  /** Addresses of other features that are reached from here. */
  covers?: readonly string[] | undefined;
  label: string;
  icon: IconName;
}

export interface FrameParts {
  /** The sync chip; null where nobody is signed in. */
  chip: ComponentChildren;
  /** What „Sperren“ does; null where there is nothing to lock. */
  onLock: (() => void) | null;
  tabs: readonly Tab[];
  /** The present path, to mark the tab. */
  path: string;
  /** Something the person should know on every screen, such as „Neue Version bereit“. */
  notice?: ComponentChildren;
}

export const FrameContext = createContext<FrameParts>({
  chip: null,
  onLock: null,
  tabs: [],
  path: "",
});

export interface ScreenProps {
  /**
   * The screen's name: title of the document and, without `heading`, the h1.
   * Never a person's name: the browser keeps titles on disk, in clear.
   */
  name: string;
  /** The h1 when it says more than the name, for instance whose case it is. */
  heading?: ComponentChildren;
  /** Quiet words on the line of the heading. */
  aside?: ComponentChildren;
  /** A quiet line below the heading. */
  sub?: ComponentChildren;
  /** Where the back arrow leads. */
  back?: string | undefined;
  /** Main actions; the filled one lowest. */
  dock?: ComponentChildren;
  /** Content in the middle of a wide page (default) or list and detail side by side. */
  layout?: "column" | "split" | undefined;
  /** Smaller gaps, for a form that must fit one screen. */
  tight?: boolean | undefined;
  /** The heading takes the focus whenever this changes; default: the name. */
  focusKey?: string | undefined;
  children: ComponentChildren;
}

/** A screen of the bottom navigation (and, with `back`, one below it, such as a case). */
export function TabScreen(props: ScreenProps) {
  return <Screen {...props} tabs />;
}

/** A task: back arrow and dock, no bottom navigation; on a wide page the rail stays. */
export function TaskScreen(props: ScreenProps & { back: string }) {
  return <Screen {...props} tabs={false} />;
}

function Screen(props: ScreenProps & { tabs: boolean }) {
  const split = props.layout === "split";
  const heading = useScreenFocus(props.name, props.focusKey);
  const wide = useWide();
  const navigable = props.tabs || wide;
  return (
    <div class={classes("zz-app", navigable && "zz-app--wide", split && "zz-app--split")}>
      <a class="zz-skip" href="#inhalt">
        Zum Inhalt
      </a>
      <Header back={props.back} />
      <main class={classes("zz-main", props.tight && "zz-main--tight")} id="inhalt" tabIndex={-1}>
        {!split && (
          <Title
            heading={props.heading ?? props.name}
            aside={props.aside}
            sub={props.sub}
            focus={heading}
          />
        )}
        {props.children}
      </main>
      <div class="zz-foot">
        <SaidBar />
        {props.dock && (
          <section class={classes("zz-dock", !props.tabs && "zz-dock--end")} aria-label="Aktionen">
            {props.dock}
          </section>
        )}
        {navigable && <Navigation />}
      </div>
    </div>
  );
}

function Header({ back }: { back?: string | undefined }) {
  const { chip, onLock } = useContext(FrameContext);
  return (
    <header class="zz-top">
      {back !== undefined && <IconButton icon="back" label="Zurück" href={back} place="back" />}
      {chip}
      {onLock && <IconButton icon="lock" label="Sperren" place="end label" onClick={onLock} />}
    </header>
  );
}

function Navigation() {
  const { tabs, path } = useContext(FrameContext);
  return (
    <nav class="zz-nav" aria-label="Hauptnavigation">
      {tabs.map(({ href, label, icon, covers = [] }) => (
        <a
          key={href}
          href={href}
          aria-current={[href, ...covers].some((one) => isHere(one, path)) ? "page" : undefined}
        >
          <span class="zz-nav__pill">
            <Icon name={icon} />
          </span>
          {label}
        </a>
      ))}
    </nav>
  );
}

function isHere(href: string, path: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}

interface TitleProps {
  heading: ComponentChildren;
  aside?: ComponentChildren;
  sub?: ComponentChildren;
  /** Where the focus goes when the screen appears. */
  focus?: { current: HTMLHeadingElement | null } | undefined;
}

/** The h1 with its quiet words; split screens put it at the head of their list themselves. */
export function Title({ heading, aside, sub, focus }: TitleProps) {
  const { notice } = useContext(FrameContext);
  return (
    <>
      <div class={classes("zz-title", aside !== undefined && "zz-title--line")}>
        <h1 ref={focus} tabIndex={-1}>
          {heading}
        </h1>
        {aside !== undefined && <p>{aside}</p>}
        {sub !== undefined && <p>{sub}</p>}
      </div>
      {notice}
    </>
  );
}

/**
 * Names the document and moves the focus to the heading (beside a list: to the chosen entry) when
 * the screen appears, so that keyboard and screen reader start at the top. A field on the screen
 * that took it already keeps it.
 */
export function useScreenFocus(name: string, key: string = name) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    document.title = `${name} – Zuzweit`;
  }, [name]);
  useEffect(() => {
    if (!mainPart()?.contains(document.activeElement)) focusMain();
  }, [key]);
  return heading;
}

export interface SplitProps {
  list: ComponentChildren;
  /** The chosen entry; null shows `placeholder` in its pane. */
  detail: ComponentChildren | null;
  /** The pane's accessible name. */
  detailLabel: string;
  placeholder?: ComponentChildren;
}

/** List and detail side by side, each scrolling for itself; only for wide pages (useWide). */
export function Split({ list, detail, detailLabel, placeholder }: SplitProps) {
  const aside = useRef<HTMLDivElement>(null);
  useEffect(() => {
    aside.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, []);
  const chosen = detail !== null;
  return (
    <div class="zz-split">
      <div ref={aside}>{list}</div>
      <section class="zz-pane" aria-label={detailLabel} tabIndex={chosen ? -1 : undefined}>
        {detail ?? placeholder}
      </section>
    </div>
  );
}
