/**
 * The icon set: 24 px box, 1.75 px round stroke, the colour of the text around it.
 * An icon draws its own shape: on a slow phone a page full of unused ones delays the first screen.
 */
import type { ComponentChildren } from "preact";

const shapes = {
  back: () => <path d="M19.5 12h-15M10.5 5.5 4 12l6.5 6.5" />,
  bell: () => <path d="M6 10.5a6 6 0 0 1 12 0c0 4 1.5 5.5 2 6.5H4c.5-1 2-2.5 2-6.5zM10 20h4" />,
  building: () => (
    <path d="M5 20.5V5a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v15.5M15 10h3a1 1 0 0 1 1 1v9.5M3.5 20.5h17M8.3 8h3.4M8.3 12h3.4M8.3 16h3.4" />
  ),
  calendar: () => (
    <>
      <rect x="4" y="5.5" width="16" height="15" rx="2" />
      <path d="M4 10h16M8.5 3v4M15.5 3v4" />
    </>
  ),
  calplus: () => (
    <>
      <rect x="4" y="5.5" width="16" height="15" rx="2" />
      <path d="M4 10h16M8.5 3v4M15.5 3v4M12 12.6v5M9.5 15.1h5" />
    </>
  ),
  check: () => <path d="M4.5 12.5l5 5L19.5 7" />,
  clock: () => (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5.2l3.4 2" />
    </>
  ),
  close: () => <path d="M6 6l12 12M18 6 6 18" />,
  "cloud-check": () => (
    <>
      <path d="M7 18.8a4.3 4.3 0 0 1-.7-8.5 6 6 0 0 1 11.6 1.2 3.7 3.7 0 0 1-.3 7.3z" />
      <path d="M9.2 14.3l2 2 3.6-3.7" />
    </>
  ),
  "cloud-off": () => (
    <>
      <path d="M9 6.2a6 6 0 0 1 8.9 5.3 3.7 3.7 0 0 1 2.7 5.7M17 18.8H7a4.3 4.3 0 0 1-.7-8.5" />
      <path d="M4 4l16 16.5" />
    </>
  ),
  "cloud-up": () => (
    <>
      <path d="M7 18.8a4.3 4.3 0 0 1-.7-8.5 6 6 0 0 1 11.6 1.2 3.7 3.7 0 0 1-.3 7.3z" />
      <path d="M12 16.3v-4.8M9.7 13.5l2.3-2.3 2.3 2.3" />
    </>
  ),
  coffee: () => (
    <>
      <path d="M5 9.5h11.2v4.9a5.1 5.1 0 0 1-5.1 5.1h-1A5.1 5.1 0 0 1 5 14.4z" />
      <path d="M16.2 10.8h1.3a2.5 2.5 0 0 1 0 5h-1.8" />
      <path d="M8.6 3.6c-.9 1.1.9 1.7 0 3M12.6 3.6c-.9 1.1.9 1.7 0 3" />
    </>
  ),
  doc: () => (
    <>
      <path d="M6.5 3.5H14l4 4v12a1 1 0 0 1-1 1H6.5a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1z" />
      <path d="M13.8 3.7v4h4M9 13h6M9 16.5h4" />
    </>
  ),
  door: () => (
    <>
      <path d="M6.5 20.5V4.7a1.2 1.2 0 0 1 1.2-1.2h8.6a1.2 1.2 0 0 1 1.2 1.2v15.8M3.8 20.5h16.4" />
      <path d="M14.2 12v.8" />
    </>
  ),
  down: () => <path d="M5.5 9.5 12 16l6.5-6.5" />,
  download: () => <path d="M12 4v11M7.5 10.8 12 15.3l4.5-4.5M5 20h14" />,
  edit: () => (
    <>
      <path d="M4.5 19.5l.9-4L16 4.9a1.6 1.6 0 0 1 2.3 0l.8.8a1.6 1.6 0 0 1 0 2.3L8.5 18.6z" />
      <path d="M14 7l3 3" />
    </>
  ),
  exit: () => <path d="M13.5 4h-8v16h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5" />,
  eye: () => (
    <>
      <path d="M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  "eye-off": () => (
    <>
      <path d="M9.9 6.1A8.6 8.6 0 0 1 12 5.8c6 0 9.5 6.2 9.5 6.2a15 15 0 0 1-2.6 3.2M6.3 7.7A14.6 14.6 0 0 0 2.5 12s3.5 6.2 9.5 6.2a9 9 0 0 0 4.3-1.1M10.2 10.1a2.8 2.8 0 0 0 3.8 3.9" />
      <path d="M4 4l16 16.5" />
    </>
  ),
  finger: () => (
    <path d="M7 19c1-3 1-5 1-7a4 4 0 0 1 8 0v4M12 12c0 3 0 6-1 9M4 16c1-2 .5-3 .6-5a7.5 7.5 0 0 1 15 1v3M6 5a9.5 9.5 0 0 1 12 0" />
  ),
  handover: () => <path d="M4 8h14M14.5 4.5 18 8l-3.5 3.5M20 16H6M9.5 12.5 6 16l3.5 3.5" />,
  history: () => <path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4h4M12 8v4.3l3 1.8" />,
  home: () => <path d="M4 10.6 12 4l8 6.6V19a1 1 0 0 1-1 1h-4.4v-5.6H9.4V20H5a1 1 0 0 1-1-1z" />,
  info: () => (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11v5M12 7.8v.01" />
    </>
  ),
  key: () => (
    <>
      <circle cx="8" cy="15.5" r="4" />
      <path d="M11 12.7 19.5 4.5M16.5 7.3l2.7 2.7" />
    </>
  ),
  lock: () => (
    <>
      <rect x="5" y="10.6" width="14" height="9.8" rx="2" />
      <path d="M8 10.6V8a4 4 0 0 1 8 0v2.6M12 14.5v2" />
    </>
  ),
  mobile: () => (
    <>
      <rect x="7" y="3" width="10" height="18" rx="2" />
      <path d="M11 18h2" />
    </>
  ),
  more: () => (
    <>
      <circle cx="5.5" cy="12" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="12" cy="12" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="18.5" cy="12" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="5.5" cy="12" r="1.3" />
      <circle cx="12" cy="12" r="1.3" />
      <circle cx="18.5" cy="12" r="1.3" />
    </>
  ),
  people: () => (
    <>
      <circle cx="9" cy="8" r="3.4" />
      <path d="M2.8 19.6c0-3.4 2.7-5.6 6.2-5.6s6.2 2.2 6.2 5.6" />
      <path d="M15.4 4.9a3.3 3.3 0 0 1 0 6.2M17.3 14.5c2.4.7 3.9 2.6 3.9 5.1" />
    </>
  ),
  person: () => (
    <>
      <circle cx="12" cy="8" r="3.6" />
      <path d="M5 20c0-3.8 3-6.2 7-6.2s7 2.4 7 6.2" />
    </>
  ),
  personplus: () => (
    <>
      <circle cx="10" cy="8" r="3.4" />
      <path d="M3.5 19.6c0-3.4 2.8-5.6 6.5-5.6 1.2 0 2.4.3 3.3.7M18 14v6M15 17h6" />
    </>
  ),
  phone: () => (
    <path d="M6.2 4h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a1.8 1.8 0 0 1-2 1.8A15.2 15.2 0 0 1 4.4 6a1.8 1.8 0 0 1 1.8-2z" />
  ),
  pin: () => (
    <>
      <path d="M12 21c4.6-4.7 7-8.2 7-11a7 7 0 1 0-14 0c0 2.8 2.4 6.3 7 11z" />
      <circle cx="12" cy="10" r="2.5" />
    </>
  ),
  plus: () => <path d="M12 5v14M5 12h14" />,
  return: () => <path d="M4.5 9.5h10a5 5 0 0 1 0 10H8M9 5 4.5 9.5 9 14" />,
  right: () => <path d="M9.5 5.5 16 12l-6.5 6.5" />,
  search: () => (
    <>
      <circle cx="11" cy="11" r="6.5" />
      <path d="M16 16l4.5 4.5" />
    </>
  ),
  share: () => <path d="M12 15V4M8 7.5 12 3.5l4 4M5 12v8h14v-8" />,
  shield2: () => (
    <>
      <path d="M12 2.8l7.8 2.7v5.6c0 4.8-3.2 8.3-7.8 10.1-4.6-1.8-7.8-5.3-7.8-10.1V5.5z" />
      <circle cx="9.2" cy="9.6" r="1.7" />
      <circle cx="14.8" cy="9.6" r="1.7" />
      <path d="M6.6 15.4c.1-1.8 1.1-2.9 2.6-2.9s2.5 1.1 2.6 2.9M12.2 15.4c.1-1.8 1.1-2.9 2.6-2.9s2.5 1.1 2.6 2.9" />
    </>
  ),
  sos: () => (
    <>
      <path d="M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3z" />
      <path d="M12 7.5v5.5M12 16.3v.01" />
    </>
  ),
  storage: () => (
    <>
      <ellipse cx="12" cy="6" rx="7" ry="2.8" />
      <path d="M5 6v12c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8V6M5 12c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8" />
    </>
  ),
  sync: () => (
    <path d="M19.5 12a7.5 7.5 0 0 1-13.2 4.9M4.5 12a7.5 7.5 0 0 1 13.2-4.9M17.9 3.5v3.8h-3.8M6.1 20.5v-3.8h3.8" />
  ),
  talk: () => (
    <>
      <path d="M5.5 5h13A1.5 1.5 0 0 1 20 6.5v9a1.5 1.5 0 0 1-1.5 1.5H11l-4.5 3.6V17h-1A1.5 1.5 0 0 1 4 15.5v-9A1.5 1.5 0 0 1 5.5 5z" />
      <path d="M8.2 9.3h7.6M8.2 12.7h4.6" />
    </>
  ),
  trash: () => <path d="M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.3 10.5v6M13.7 10.5v6" />,
  tree: () => <path d="M12 20.5v-6M12 3.5l4.5 5.5h-2l4 5.5h-13l4-5.5h-2z" />,
  warn: () => (
    <>
      <path d="M12 3.8 21.4 20H2.6z" />
      <path d="M12 10v4.5M12 17.2v.01" />
    </>
  ),
} satisfies Record<string, () => ComponentChildren>;

/** The names of all icons. */
export type IconName = keyof typeof shapes;

/** One icon, always beside words, hence hidden from screen readers. */
export function Icon({ name, small, class: extra }: IconProps) {
  return (
    <svg
      class={`zz-ic${small ? " zz-ic--s" : ""}${extra ? ` ${extra}` : ""}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      {shapes[name]()}
    </svg>
  );
}

export interface IconProps {
  name: IconName;
  small?: boolean | undefined;
  class?: string | undefined;
}

/** A state's tone: everything fine, something waits, somebody must act. */
export type Tone = "ok" | "wait" | "stop";

const signs = {
  ok: { shape: <circle class="f" cx="12" cy="12" r="10.5" />, mark: "M7 12.4l3.4 3.4L17.2 8.8" },
  wait: { shape: <path class="f" d="M12 2.2 22.6 21H1.4z" />, mark: "M12 9v5.2M12 17.6v.01" },
  stop: {
    shape: <path class="f" d="M7.7 1.6h8.6l6.1 6.1v8.6l-6.1 6.1H7.7l-6.1-6.1V7.7z" />,
    mark: "M7 12h10",
  },
};

/** A state as a shape: tick in a circle, triangle, octagon. Words always stand beside it. */
export function Sign({ tone }: { tone: Tone }) {
  return (
    <svg class={`zz-sig zz-sig--${tone}`} viewBox="0 0 24 24" aria-hidden="true">
      {signs[tone].shape}
      <path class="g" d={signs[tone].mark} />
    </svg>
  );
}
