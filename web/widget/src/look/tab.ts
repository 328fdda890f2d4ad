/** What happens to this tab: turned to, left, come back to. */

import type { Departure } from '../shared/look-bridge';
import { followDeparture } from './departure';

export interface TabEars {
  /** In sight, and perhaps in use. */
  turnedTo(): void;
  /** `kept`: the browser may bring this very page back. */
  left(why: Departure, kept: boolean): void;
  broughtBack(): void;
}

export function followTab(signal: AbortSignal, ears: TabEars): void {
  const departure = followDeparture(signal);
  const listen = { capture: true, signal } as const;
  const turnedTo = () => document.visibilityState === 'visible' && ears.turnedTo();
  // Not in capture: the focus of the window, not of what stands in it.
  window.addEventListener('focus', turnedTo, { signal });
  document.addEventListener('visibilitychange', turnedTo, listen);
  window.addEventListener('pagehide', ({ persisted }) => ears.left(departure(), persisted), listen);
  window.addEventListener('pageshow', ({ persisted }) => persisted && ears.broughtBack(), listen);
}
