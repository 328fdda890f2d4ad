/** Elements without a framework and without markup from strings, so that Trusted Types and a strict policy have nothing to object to. */

import type { IconNode } from 'lucide';

type Child = Node | string | null | false | undefined;

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const child of children) if (child) made.append(child);
  return made;
}

/** A question of ours opened, or is about to leave: heard by the layer, which stands in the one on top. */
export const MOVED = 'look-moved';

const presses = new WeakMap<HTMLButtonElement, () => void>();

/** Only a person's own press counts: a page's script can call `click()` but cannot forge trust. */
export function button(className: string, text: string, pressed: () => void, icon?: IconNode): HTMLButtonElement {
  const made = make('button', className, icon && drawIcon(icon), make('span', '', text));
  made.type = 'button';
  presses.set(made, pressed);
  made.addEventListener('click', (event) => {
    if (event.isTrusted) pressed();
  });
  return made;
}

/** A person pressed where this button stands, and the press could not reach it. */
export const press = (it: HTMLButtonElement): void => presses.get(it)?.();

export function drawIcon(icon: IconNode, size = 20): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const made = document.createElementNS(space, 'svg');
  const set = (element: SVGElement, values: object) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, String(value));
  };
  set(made, { viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true' });
  for (const [tag, attributes] of icon) {
    const part = document.createElementNS(space, tag);
    set(part, attributes);
    made.append(part);
  }
  return made;
}
