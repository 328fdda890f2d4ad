import type { Conversation } from '@balie/protocol';
import type { AgentState } from './agent';

export type InboxView = 'unassigned' | 'mine' | 'all' | 'closed';
/** `waiting`: who waits longest comes first, then the newest; `newest` and `oldest` by last message. */
export type InboxSort = 'waiting' | 'newest' | 'oldest';

/** The rows of a view. `closed` is always newest first unless asked otherwise. */
export function inboxRows(state: AgentState, view: InboxView, sort?: InboxSort): Conversation[] {
  const rows: Conversation[] = [];
  for (const row of state.conversations.values()) {
    if (inView(row, view, state.me.id)) rows.push(row);
  }
  return rows.sort(ORDER[sort ?? (view === 'closed' ? 'newest' : 'waiting')]);
}

export interface InboxCounts {
  readonly unassigned: number;
  readonly mine: number;
  readonly all: number;
  readonly closed: number;
  /** Messages of visitors nobody read, in the agent's own and the unassigned conversations. */
  readonly unread: number;
}

/** How many rows each view has. `closed` counts those loaded. */
export function inboxCounts(state: AgentState): InboxCounts {
  const counts = { unassigned: 0, mine: 0, all: 0, closed: 0, unread: 0 };
  for (const row of state.conversations.values()) {
    if (row.status === 'closed') {
      counts.closed += 1;
      continue;
    }
    counts.all += 1;
    if (row.assignee === null) counts.unassigned += 1;
    else if (row.assignee.id === state.me.id) counts.mine += 1;
    else continue;
    counts.unread += row.deskUnread;
  }
  return counts;
}

function inView(row: Conversation, view: InboxView, me: string): boolean {
  if (view === 'closed') return row.status === 'closed';
  if (row.status === 'closed') return false;
  if (view === 'all') return true;
  return view === 'mine' ? row.assignee?.id === me : row.assignee === null;
}

const ORDER: Record<InboxSort, (a: Conversation, b: Conversation) => number> = {
  newest: (a, b) => b.lastAt - a.lastAt || b.number - a.number,
  oldest: (a, b) => a.lastAt - b.lastAt || a.number - b.number,
  waiting: (a, b) =>
    (a.waitingSince ?? Infinity) === (b.waitingSince ?? Infinity)
      ? ORDER.newest(a, b)
      : (a.waitingSince ?? Infinity) - (b.waitingSince ?? Infinity),
};
