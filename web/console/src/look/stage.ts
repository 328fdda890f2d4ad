/** What the agent looks at right now, from all that is known about a look. Pure. */
import type { Look } from '@balie/protocol';
import { GONE_AFTER_MS } from './times';

/** `changing`: the last view, dimmed, while the visitor's next page is on its way. */
export type Stage =
  | 'connecting'
  | 'loading'
  | 'viewing'
  | 'changing'
  | 'paused_visitor'
  | 'paused_page'
  | 'never_here'
  | 'gone'
  | 'away_site'
  | 'away_left'
  | 'reconnecting'
  | 'refused'
  | 'ended';

export interface Seen {
  look: Pick<Look, 'state' | 'pausedBy' | 'away'>;
  /** The line to the desk. `refused`: it will not take us back. */
  line: 'connecting' | 'live' | 'waiting' | 'refused';
  /** It was live before. */
  wasLive: boolean;
  /** When the visitor's page went; null while it is there. */
  goneSince: number | null;
  picture: 'none' | 'changing' | 'shown';
  /** The page says that it is never shown. */
  never: boolean;
}

export function stageOf({ look, line, wasLive, goneSince, picture, never }: Seen, now: number): Stage {
  if (look.state === 'ended') return 'ended';
  if (line === 'refused') return 'refused';
  if (line !== 'live') return wasLive ? 'reconnecting' : 'connecting';
  if (look.state === 'paused') return look.pausedBy === 'page' ? 'paused_page' : 'paused_visitor';
  // The page said where its visitor went: no need to wait and see.
  if (look.away !== null) return look.away === 'site' ? 'away_site' : 'away_left';
  if (goneSince !== null) return now - goneSince < GONE_AFTER_MS ? 'changing' : 'gone';
  if (never) return 'never_here';
  if (picture === 'none') return 'loading';
  return picture === 'changing' ? 'changing' : 'viewing';
}

/** What stays in sight, dimmed: of a page that may not be seen, nothing. */
export function showsPicture(stage: Stage): boolean {
  return stage === 'viewing' || stage === 'changing' || stage === 'gone' || stage === 'away_site' || stage === 'away_left' || stage === 'reconnecting';
}

export const isLive = (look: Pick<Look, 'state'> | null | undefined): boolean => look?.state === 'viewing' || look?.state === 'paused';
export const isWaiting = (look: Pick<Look, 'state'> | null | undefined): boolean => look?.state === 'invited' || look?.state === 'code' || look?.state === 'asking';
