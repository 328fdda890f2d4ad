/**
 * A layer above everything on the page, its open dialogs included: the bar, and what the agent points at. The page's own modal dialog
 * makes all outside of it dead to presses, so those on the bar are then found by their place.
 */

import { make, MOVED, press } from './dom';

const WATCH_MS = 250;

export interface Layer {
  element: HTMLElement;
  show(): void;
  hide(): void;
  remove(): void;
}

export function createLayer(root: ShadowRoot): Layer {
  const home = root.querySelector('section') ?? root;
  const element = make('div', 'look theme');
  const pops = 'popover' in element;
  if (pops) element.popover = 'manual';
  const stopping = new AbortController();
  let timer: ReturnType<typeof setInterval> | undefined;
  let above: Element | null = null;

  function isShown(): boolean {
    return timer !== undefined;
  }

  /** The widget's own modal dialog, in which the bar has to stand to be within reach. */
  function place(): Element | ShadowRoot {
    const dialogs = [...root.querySelectorAll('dialog:modal')];
    return dialogs[dialogs.length - 1] ?? home;
  }

  /** On a phone the panel fills the screen: it makes room for the bar at its top. */
  function makeRoom(parent: Element | ShadowRoot): void {
    for (const panel of root.querySelectorAll<HTMLElement>('.panel')) {
      const height = panel === parent ? (element.querySelector<HTMLElement>('.look-bar')?.offsetHeight ?? 0) : 0;
      panel.style.setProperty('--look-room', height ? `${height + 8}px` : '0px');
    }
    element.classList.toggle('inside', parent !== home);
  }

  /** To the top of the top layer, with the focus where it was. */
  function raise(): void {
    const focused = root.activeElement;
    const parent = place();
    if (element.parentNode !== parent) parent.append(element);
    if (pops) {
      if (element.matches(':popover-open')) element.hidePopover();
      element.showPopover();
    }
    makeRoom(parent);
    if (focused instanceof HTMLElement && element.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** What stands over the bar, if anything does. */
  function over(): Element | null {
    const bar = element.querySelector('.look-bar');
    if (!bar) return null;
    const { left, top, width, height } = bar.getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    return found === root.host ? null : found;
  }

  function watch(): void {
    const now = over();
    const moved = element.parentNode !== place();
    // A modal dialog of the page stays on top of the question, however often it is asked: once per dialog is enough.
    if (moved || (now && now !== above)) raise();
    else makeRoom(place());
    above = now;
  }

  function hide(): void {
    clearInterval(timer);
    timer = undefined;
    above = null;
    element.remove();
    makeRoom(home);
  }

  for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
    window.addEventListener(
      name,
      (event) => {
        if (!isShown() || !event.isTrusted || event.composedPath().includes(root.host)) return;
        if (!(event.target instanceof Element) || !event.target.closest(':modal')) return;
        const { clientX, clientY } = event as MouseEvent;
        const within = (it: Element) => {
          const { left, top, right, bottom } = it.getBoundingClientRect();
          return clientX >= left && clientX < right && clientY >= top && clientY < bottom;
        };
        const bar = element.querySelector('.look-bar');
        if (!bar || !within(bar)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const pressed = [...bar.querySelectorAll('button')].find(within);
        if (name === 'click' && pressed) press(pressed);
      },
      { capture: true, signal: stopping.signal },
    );
  }
  document.addEventListener('fullscreenchange', () => isShown() && raise(), { signal: stopping.signal });
  root.addEventListener(MOVED, () => isShown() && raise(), { signal: stopping.signal });

  return {
    element,
    show() {
      if (isShown()) return;
      timer = setInterval(watch, WATCH_MS);
      raise();
    },
    hide,
    remove() {
      stopping.abort();
      hide();
    },
  };
}
