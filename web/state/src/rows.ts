import type { Actor, Fact, FactOf, Mark, Side, VisitorConversation } from '@balie/protocol';
import type { Pending } from './pending';

/** How far an own message has come: acked, on a device of the other side, read there; or given up. */
export type Tick = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message, or a note to colleagues, in the visible log. */
export interface MessageRow {
  readonly row: 'message' | 'note';
  /** The same from typing to log: the message's cid. */
  readonly key: string;
  /** Written by the reader's side. */
  readonly own: boolean;
  /** Who wrote it; none while it is only in this device's outbox. */
  readonly actor: Actor | null;
  readonly text: string;
  readonly at: number;
  /** None while pending. */
  readonly seq: number | null;
  /** For own messages; none for others' and for notes that are stored. */
  readonly tick: Tick | null;
  readonly pending: Pending | null;
}

type LookKind = 'look_invited' | 'look_accepted' | 'look_continued' | 'look_declined' | 'look_ended' | 'control_granted' | 'control_withdrawn';
type RecordingKind = 'recording_started' | 'recording_declined' | 'recording_ended' | 'recording_removed';
type EventKind = 'conversation_opened' | 'conversation_assigned' | 'conversation_closed' | 'conversation_reopened' | LookKind | RecordingKind;

/** A line such as "Noor joined". */
export interface EventRow {
  readonly row: 'event';
  readonly key: string;
  readonly at: number;
  readonly seq: number;
  readonly fact: FactOf<EventKind>;
}

export type Row = MessageRow | EventRow;

/** A log as one side looks at it. `theirs` is the other side's mark. */
export interface LogView {
  readonly log: readonly Fact[];
  readonly side: Side;
  readonly theirs: Mark;
}

/** A visitor's view of a conversation, for `visibleLog`. */
export function visitorView(conversation: VisitorConversation | null): LogView {
  return {
    log: conversation?.log ?? [],
    side: 'visitor',
    theirs: { delivered: conversation?.deskMarkDelivered ?? 0, read: conversation?.deskMarkRead ?? 0 },
  };
}

/** The rows to show: the log, then what this device has pending and the log does not have yet. */
export function visibleLog(view: LogView, pending: readonly Pending[]): Row[] {
  const rows: Row[] = [];
  const stored = new Set<string>();
  for (const fact of view.log) {
    const row = factRow(view, fact);
    if (row === null) continue;
    if (row.row !== 'event') stored.add(row.key);
    rows.push(row);
  }
  for (const entry of pending) {
    if (!stored.has(entry.cid)) rows.push(pendingRow(entry));
  }
  return rows;
}

/** The pending messages of one conversation. A visitor's first ones name none: `null` takes those only. */
export function pendingOf(pending: readonly Pending[], conversation: string | null, withFirst = false): Pending[] {
  return pending.filter((it) => it.conversation === conversation || (withFirst && it.conversation === null));
}

// A fact's row changes only by its tick, so rows are kept and unchanged ones are not drawn again.
const rows = new WeakMap<Fact, Row>();

function factRow(view: LogView, fact: Fact): Row | null {
  const kept = rows.get(fact);
  switch (fact.kind) {
    case 'message_added':
    case 'note_added': {
      const own = (fact.actor.kind === 'contact') === (view.side === 'visitor');
      const note = fact.kind === 'note_added';
      const tick = own && !note ? tickOf(fact.seq, view.theirs) : null;
      if (kept?.row !== 'event' && kept?.own === own && kept.tick === tick) return kept;
      const { actor, at, seq, body } = fact;
      return keep(fact, {
        row: note ? 'note' : 'message',
        key: body.cid,
        own,
        actor,
        text: body.text,
        at,
        seq,
        tick,
        pending: null,
      });
    }
    case 'conversation_opened':
    case 'conversation_assigned':
    case 'conversation_closed':
    case 'conversation_reopened':
    case 'look_invited':
    case 'look_accepted':
    case 'look_continued':
    case 'look_declined':
    case 'look_ended':
    case 'control_granted':
    case 'control_withdrawn':
    case 'recording_started':
    case 'recording_declined':
    case 'recording_ended':
    case 'recording_removed':
      return kept ?? keep(fact, { row: 'event', key: `#${fact.seq}`, at: fact.at, seq: fact.seq, fact });
    default:
      return null;
  }
}

function keep(fact: Fact, row: Row): Row {
  rows.set(fact, row);
  return row;
}

function tickOf(seq: number, theirs: Mark): Tick {
  if (seq <= theirs.read) return 'read';
  return seq <= theirs.delivered ? 'delivered' : 'sent';
}

const PENDING_TICK = { queued: 'sending', sent: 'sent', refused: 'failed', stale: 'failed' } as const;

function pendingRow(entry: Pending): MessageRow {
  return {
    row: entry.note ? 'note' : 'message',
    key: entry.cid,
    own: true,
    actor: null,
    text: entry.text,
    at: entry.at,
    seq: null,
    tick: PENDING_TICK[entry.state],
    pending: entry,
  };
}
