/** The frame of everything shown before somebody is in: the sign, a few words, a form below. */
import type { ComponentChildren } from "preact";
import { storeLost } from "../../platform/session";
import { SaidBar } from "../../ui/announce";
import { useScreenFocus } from "../../ui/frame";
import { Icon } from "../../ui/icons";
import { Note } from "../../ui/parts";

interface LockFrameProps {
  /** The document's title, before „– Zuzweit“. */
  name: string;
  /** Quiet words below the product's name. */
  sub?: ComponentChildren;
  children?: ComponentChildren;
}

/** The sign of the product, and nothing that tells whose phone this is. */
export function LockFrame({ name, sub, children }: LockFrameProps) {
  const heading = useScreenFocus(name);
  return (
    <div class="zz-app">
      <main class="zz-main zz-lock" id="inhalt" tabIndex={-1}>
        <Icon name="shield2" class="zz-mark" />
        <h1 ref={heading} tabIndex={-1}>
          Zuzweit
        </h1>
        {sub !== undefined && <p class="zz-muted">{sub}</p>}
        {children !== undefined && (
          <section class="zz-lock__in" aria-label={name}>
            {storeLost.value !== null && <Note tone="stop" alert title={storeLost.value} />}
            <SaidBar />
            {children}
          </section>
        )}
      </main>
    </div>
  );
}
