/** Puts a component on a page and lets tests speak to it by accessible names. */
import { type ComponentChildren, render } from "preact";
import { act } from "preact/test-utils";

let root: HTMLElement | null = null;

/** Renders and waits until effects have run; the last page is cleared away. */
export async function show(what: ComponentChildren): Promise<HTMLElement> {
  leave();
  root = document.createElement("div");
  document.body.append(root);
  const page = root;
  await act(() => render(what, page));
  return page;
}

/** Renders something else in the place of what is shown. */
export async function change(what: ComponentChildren): Promise<void> {
  const page = root;
  if (!page) throw new Error("nothing is shown");
  await act(() => render(what, page));
}

/** Takes the page away. */
export function leave(): void {
  if (root) render(null, root);
  root?.remove();
  root = null;
}

/** The one button of this name. */
export function button(name: string): HTMLButtonElement {
  return only(document.querySelectorAll("button"), name);
}

/** The one field with this label. */
export function field(name: string): HTMLInputElement {
  const label = only(document.querySelectorAll("label"), name);
  const found = document.getElementById(label.htmlFor);
  if (!(found instanceof HTMLInputElement)) throw new Error(`${name} labels no field`);
  return found;
}

function only<E extends Element>(all: Iterable<E>, name: string): E {
  const found = [...all].filter((one) => one.textContent?.trim() === name);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${found.length} elements are named ${name}`);
  return first;
}

/** Taps and waits for what follows. */
export async function tap(element: HTMLElement): Promise<void> {
  await act(async () => {
    element.click();
  });
}

/** Types a text. */
export async function type(into: HTMLInputElement, text: string): Promise<void> {
  await act(() => {
    into.value = text;
    into.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

/** Submits the form a field stands in. */
export async function submit(from: HTMLInputElement): Promise<void> {
  await act(async () => {
    from.form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  });
}
