/** An agent's own status in words: *online*, *away*, or why away. */
import type { AgentStatus, AwayReason } from '@balie/protocol';
import { t } from '../text/index';

/** The reasons that can be chosen, in the order of the menu. */
export const REASONS = ['wrap_up', 'break', 'meeting', 'training', 'other'] as const;

export function statusWords(status: AgentStatus, reason: AwayReason): string {
  const words = t().status;
  return status === 'away' && reason ? words.reasons[reason] : words[status];
}
