/** The lines of the log as the panel shows them: all conversations in one list, by day, with what is pending at the end. */

import { groupByDay, visibleLog, visitorView, type EventRow, type MessageRow, type Pending, type Row, type VisitorState } from '@balie/state';

export interface MessageLine {
  line: 'message';
  key: string;
  row: MessageRow;
  /** First of a run by one author: shows who. */
  first: boolean;
  /** Last of a run: shows when, and the tick. */
  last: boolean;
  /** The visitor's newest message: its tick is also written out. */
  newest: boolean;
}

export interface EventLine {
  line: 'event';
  key: string;
  event: 'joined' | 'closed' | 'reopened' | 'lookAccepted' | 'lookEnded';
  name: string;
}

export type Line = MessageLine | EventLine;

export interface DayLines {
  day: string;
  at: number;
  lines: Line[];
}

export function linesOf(state: VisitorState | null, pending: readonly Pending[]): DayLines[] {
  const rows: Row[] = [];
  const keys = new Map<Row, string>();
  const all = state?.conversations ?? [];
  const stored = new Set(all.flatMap((it) => it.log.flatMap((fact) => (fact.kind === 'message_added' ? [fact.body.cid] : []))));
  const waiting = pending.filter((it) => !stored.has(it.cid));
  for (const conversation of all) {
    for (const row of visibleLog(visitorView(conversation), [])) {
      keys.set(row, row.row === 'event' ? conversation.id + row.key : row.key);
      rows.push(row);
    }
  }
  rows.push(...visibleLog(visitorView(null), waiting));

  const newest = rows.findLast((row) => row.row === 'message' && row.own);
  let helper = '';
  return groupByDay(rows)
    .map(({ day, at, rows: today, leads }) => ({
      day,
      at,
      lines: today.flatMap((row, n): Line[] => {
        const key = keys.get(row) ?? row.key;
        if (row.row === 'event') {
          const event = eventOf(row.fact, helper);
          if (row.fact.kind === 'conversation_assigned') helper = row.fact.body.agent?.id ?? '';
          return event ? [{ line: 'event', key, ...event }] : [];
        }
        const next = today[n + 1];
        const last = !next || leads.has(next.key);
        return [{ line: 'message', key, row, first: leads.has(row.key), last, newest: row === newest }];
      }),
    }))
    .filter(({ lines }) => lines.length > 0);
}

type Event = EventRow['fact'];

/** A visitor need not know of openings and of hand-overs to nobody. */
function eventOf(fact: Event, helper: string): Pick<EventLine, 'event' | 'name'> | null {
  switch (fact.kind) {
    case 'conversation_assigned': {
      const { agent } = fact.body;
      return agent && agent.id !== helper ? { event: 'joined', name: agent.name } : null;
    }
    case 'conversation_closed':
      return { event: 'closed', name: '' };
    case 'conversation_reopened':
      return { event: 'reopened', name: '' };
    case 'look_accepted':
      return { event: 'lookAccepted', name: '' };
    case 'look_ended':
      return { event: 'lookEnded', name: '' };
    default:
      return null;
  }
}
