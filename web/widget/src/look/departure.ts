/** Where the visitor goes when a page of theirs goes away, as far as the browser tells. */

import type { Departure } from '../shared/look-bridge';

/** The part of NavigateEvent that is used. */
interface Going extends Event {
  destination: { url: string; sameDocument: boolean };
  downloadRequest: string | null;
}

/** A step that was not taken within this time was called off. */
const STALE_MS = 15_000;

/** Answers what to say at the page's end: another `site`, the next `page` of this one, or `left` without a link. */
export function followDeparture(signal: AbortSignal): () => Departure {
  const routes = (window as { navigation?: EventTarget }).navigation;
  let to: Departure | null = null;
  let at = 0;
  const going = (address: string) => {
    to = URL.canParse(address, location.href) && new URL(address, location.href).origin === location.origin ? 'page' : 'site';
    at = performance.now();
  };
  if (routes)
    routes.addEventListener(
      'navigate',
      (event) => {
        const { destination, downloadRequest } = event as Going;
        if (!destination.sameDocument && downloadRequest === null) going(destination.url);
      },
      { signal },
    );
  else {
    const listen = { capture: true, passive: true, signal } as const;
    document.addEventListener('click', ({ target }) => target instanceof Element && going(target.closest('a')?.href ?? ''), listen);
    document.addEventListener('submit', ({ target }) => target instanceof HTMLFormElement && going(target.action), listen);
  }
  return () => {
    if (to && performance.now() - at < STALE_MS) return to;
    // Where the browser tells of no steps, a reload and the bar of addresses look alike.
    return routes ? 'left' : 'page';
  };
}
