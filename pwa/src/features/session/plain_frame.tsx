/** A page before somebody is in that has more to say than the lock. */
import type { ComponentChildren } from "preact";
import { useScreenFocus } from "../../ui/frame";
import { Icon } from "../../ui/icons";

interface PlainFrameProps {
  /** The document's title; never a person's name. */
  name: string;
  heading: ComponentChildren;
  children: ComponentChildren;
}

/** The sign small above, then heading and content; the page scrolls as a whole. */
export function PlainFrame({ name, heading, children }: PlainFrameProps) {
  const focus = useScreenFocus(name);
  return (
    <div class="zz-app">
      <main class="zz-main zz-main--alone" id="inhalt" tabIndex={-1}>
        <div class="zz-title">
          <p class="zz-row zz-brand">
            <Icon name="shield2" />
            Zuzweit
          </p>
          <h1 ref={focus} tabIndex={-1}>
            {heading}
          </h1>
        </div>
        {children}
      </main>
    </div>
  );
}
