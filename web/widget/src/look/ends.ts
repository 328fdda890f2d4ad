/** Why a look is over, and which sentence the visitor reads about it. */

import type { Look } from '@balie/protocol';

export type EndReason = NonNullable<Look['endReason']>;

export const ENDS = {
  visitor: 'endedVisitor',
  escape: 'endedVisitor',
  agent: 'endedAgent',
  closed: 'endedClosed',
  idle: 'endedIdle',
  recorder_failed: 'endedFailed',
  restart_impossible: 'endedFailed',
  page_too_large: 'endedLarge',
  policy_never: 'endedVisitor',
  timeout: 'endedTimeout',
  declined: null,
  signed_out: null,
} as const satisfies Record<EndReason, string | null>;
