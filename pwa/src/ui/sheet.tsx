/** A sheet from below: a modal dialog, the page behind it out of reach. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./button";

export interface SheetProps {
  open: boolean;
  title: ComponentChildren;
  /** Called by Escape, by a tap outside and by the browser's back gesture. */
  onClose: () => void;
  children: ComponentChildren;
}

/** The dialog; it is in the page only while open. */
export function Sheet({ open, title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useReturn(open, dialog);
  useEffect(() => {
    if (!open || dialog.current?.open) return;
    dialog.current?.showModal();
    // Not the first button: a hasty Enter should not do anything.
    heading.current?.focus();
  }, [open]);
  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Escape, which fires onCancel.
    <dialog
      ref={dialog}
      class="zz-sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="zz-sheet__in">
        <span class="zz-sheet__grip" aria-hidden="true" />
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Gives the focus back to what opened the sheet, unless that is gone or something else took it. */
function useReturn(open: boolean, dialog: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    if (!open) return undefined;
    const opener = document.activeElement;
    const sheet = dialog.current;
    return () => {
      const now = document.activeElement;
      const lost = now === document.body || sheet?.contains(now);
      if (lost && opener instanceof HTMLElement) opener.focus();
    };
  }, [open, dialog]);
}

export interface ConfirmProps {
  open: boolean;
  title: ComponentChildren;
  /** What happens, and what is lost by it. */
  children: ComponentChildren;
  /** The word on the button that does it. */
  action: string;
  /** It destroys something: red rim, and the safe way out is the filled button. */
  destroys?: boolean | undefined;
  cancel?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  return (
    <Sheet open={props.open} title={props.title} onClose={props.onClose}>
      <div class="zz-stack">{props.children}</div>
      <div class="zz-stack zz-stack--s">
        <Button
          kind={props.destroys ? "secondary" : "primary"}
          look={props.destroys ? "stop" : undefined}
          onClick={props.onConfirm}
        >
          {props.action}
        </Button>
        <Button kind={props.destroys ? "primary" : "tertiary"} onClick={props.onClose}>
          {props.cancel ?? "Abbrechen"}
        </Button>
      </div>
    </Sheet>
  );
}

export interface ConfirmDiscardProps {
  open: boolean;
  /** What is lost. */
  children: ComponentChildren;
  onDiscard: () => void;
  onClose: () => void;
}

/** Asks before an entry is thrown away. */
export function ConfirmDiscard({ onDiscard, onClose, ...props }: ConfirmDiscardProps) {
  return (
    <Confirm
      {...props}
      title="Eintrag verwerfen?"
      action="Verwerfen"
      destroys
      cancel="Behalten"
      onClose={onClose}
      onConfirm={() => {
        onClose();
        onDiscard();
      }}
    />
  );
}
