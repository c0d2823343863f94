/** Keyboard and screen reader always stand somewhere: the focus never falls to nowhere. */
import { useEffect } from "preact/hooks";

/** What a screen is about: its main part, or beside a list the chosen entry. */
export function mainPart(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".zz-pane[tabindex]") ?? content();
}

/** Puts the focus at the start of what the screen is about. */
export function focusMain(): void {
  const part = mainPart();
  const target = part === content() ? part?.querySelector("h1") : part;
  target?.focus({ preventScroll: true });
}

/**
 * When the button that was just pressed leaves the page and nothing else takes the focus, the
 * screen does. Once, at the root.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Node | null = null;
    const note = (event: FocusEvent) => {
      last = event.target as Node;
    };
    const watcher = new MutationObserver(() => {
      if (last?.isConnected === false && document.activeElement === document.body) focusMain();
    });
    document.addEventListener("focusin", note);
    watcher.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", note);
      watcher.disconnect();
    };
  }, []);
}

function content(): HTMLElement | null {
  return document.getElementById("inhalt");
}
