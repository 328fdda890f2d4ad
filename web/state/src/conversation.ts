import type { Conversation, Fact, FactHead, Mark, MessageAdded, Side } from '@balie/protocol';
import { previewText } from './text';

/**
 * A conversation's row after `fact`, a fact of its own stream. `'gap'` when facts are missing in between,
 * the same object when the fact is old. The desk applies the same rules: tests/cases/reducer holds both to them.
 */
export function applyConversation(before: Conversation | null, fact: Fact): Conversation | 'gap' {
  if (before === null) {
    return fact.kind === 'conversation_opened' && fact.seq === 1 ? opened(fact) : 'gap';
  }
  if (fact.seq <= before.seq) return before;
  if (fact.seq > before.seq + 1) return 'gap';
  const row: Conversation = { ...before, seq: fact.seq };
  switch (fact.kind) {
    case 'message_added':
      return messageAdded(row, fact);
    case 'note_added':
      return {
        ...row,
        lastAt: fact.at,
        last: { kind: 'note', actor: fact.actor, text: previewText(fact.body.text) },
      };
    case 'conversation_assigned':
      return { ...row, assignee: fact.body.agent };
    case 'conversation_closed':
      return {
        ...row,
        status: 'closed',
        closedAt: fact.at,
        waitingSince: null,
        deskMark: { delivered: fact.seq, read: fact.seq },
        deskUnread: 0,
      };
    case 'conversation_reopened':
      return { ...row, status: 'open', closedAt: null };
    case 'messages_delivered':
      return setMark(row, fact.body.side, { delivered: fact.body.upTo });
    case 'messages_read':
      return read(row, fact.body.side, fact.body.upTo, fact.body.unread);
    default:
      return row;
  }
}

function opened(fact: Extract<Fact, { kind: 'conversation_opened' }>): Conversation {
  const { number, inbox, contact, language } = fact.body;
  return {
    id: fact.stream,
    seq: fact.seq,
    number,
    inbox,
    contact,
    language,
    status: 'open',
    assignee: null,
    openedAt: fact.at,
    closedAt: null,
    lastAt: fact.at,
    last: null,
    waitingSince: null,
    visitorMark: { delivered: 0, read: 0 },
    deskMark: { delivered: 0, read: 0 },
    visitorUnread: 0,
    deskUnread: 0,
  };
}

function messageAdded(row: Conversation, { at, seq, actor, body }: FactHead & { body: MessageAdded }): Conversation {
  const mark = { delivered: seq, read: seq };
  const next: Conversation = {
    ...row,
    lastAt: at,
    last: { kind: 'message', actor, text: previewText(body.text) },
  };
  if (actor.kind === 'contact') {
    next.deskUnread += 1;
    next.waitingSince ??= at;
    next.visitorMark = mark;
    next.visitorUnread = 0;
  } else {
    next.visitorUnread += 1;
    next.deskUnread = 0;
    next.deskMark = mark;
    if (actor.kind !== 'system') next.waitingSince = null;
  }
  return next;
}

function read(row: Conversation, side: Side, upTo: number, unread: number): Conversation {
  const mark = side === 'desk' ? row.deskMark : row.visitorMark;
  const next = setMark(row, side, { read: upTo, delivered: Math.max(mark.delivered, upTo) });
  return side === 'desk' ? { ...next, deskUnread: unread } : { ...next, visitorUnread: unread };
}

function setMark(row: Conversation, side: Side, change: Partial<Mark>): Conversation {
  return side === 'desk'
    ? { ...row, deskMark: { ...row.deskMark, ...change } }
    : { ...row, visitorMark: { ...row.visitorMark, ...change } };
}
