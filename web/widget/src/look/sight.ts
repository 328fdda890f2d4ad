/** What the bar says, from all that is known about a look in this tab. Pure. */

import type { Look } from '@balie/protocol';
import type { LineState, PageState } from '../shared/look-bridge';
import type { BarState } from './bar';
import type { Kept } from './kept';

export interface Known {
  look: Look | null;
  kept: Kept | null;
  /** Nothing of the chat may be on this page. */
  suspended: boolean;
  /** This tab tells its page. */
  leads: boolean;
  line: LineState;
  page: PageState;
  asksConsent: boolean;
  /** The question to this look waits, or went by unanswered. */
  unasked: boolean;
}

export function barState({ look, kept, suspended, leads, line, page, asksConsent, unasked }: Known): BarState | null {
  if (suspended || asksConsent || kept?.ended) return null;
  const live = look?.state === 'viewing' || look?.state === 'paused';
  if (look && !live) return unasked && look.state !== 'code' ? 'invited' : null;
  if (!kept?.consented || !leads) return live ? 'elsewhere' : null;
  if (kept.paused) return 'paused';
  if (line === 'down') return 'down';
  if (page !== 'viewing') return 'page';
  if (line !== 'up' || !live) return 'connecting';
  return look.state === 'paused' ? 'page' : 'viewing';
}
