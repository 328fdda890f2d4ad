/** Why a look ended, in a sentence. */
import type { Look } from '@balie/protocol';
import { t } from '../text/index';

/** '' when there is nothing to say. Who went away before it ended did so: the clock only noticed. */
export function endedText({ endReason, away }: Pick<Look, 'endReason' | 'away'>): string {
  const words = t().looking.ended;
  if (endReason === 'idle' && away !== null) return away === 'site' ? (words['idle_site'] ?? '') : (words['idle_left'] ?? '');
  return words[endReason ?? ''] ?? '';
}
