import type { Desk, Fact, VisitorConversation, VisitorSnapshot } from '@balie/protocol';
import { appendFact, type LogPage, prependFacts } from './log';
import { replaceAt } from './replace';

/** All a visitor's widget knows; `conversations` oldest first, at most one open. */
export interface VisitorState {
  readonly desk: Desk;
  readonly conversations: readonly VisitorConversation[];
}

export function fromVisitorSnapshot(snapshot: VisitorSnapshot): VisitorState {
  return { desk: snapshot.desk, conversations: snapshot.conversations };
}

/** The state after `fact`; the same object when the fact is old, `'gap'` when facts are missing in between. */
export function applyVisitor(state: VisitorState, fact: Fact): VisitorState | 'gap' {
  const at = state.conversations.findIndex((conversation) => conversation.id === fact.stream);
  const before = state.conversations[at];
  if (before === undefined) {
    if (fact.kind !== 'conversation_opened' || fact.seq !== 1) return 'gap';
    return { ...state, conversations: [...state.conversations, opened(fact)] };
  }
  if (fact.seq <= before.seq) return state;
  if (fact.seq > before.seq + 1) return 'gap';
  return { ...state, conversations: replaceAt(state.conversations, at, applied(before, fact)) };
}

/** The desk opened or everybody went away. */
export function applyDesk(state: VisitorState, desk: Desk): VisitorState {
  return { ...state, desk };
}

/** The state with an older page of one conversation's log. */
export function addOlderVisitor(state: VisitorState, conversation: string, page: LogPage): VisitorState {
  return {
    ...state,
    conversations: state.conversations.map((it) =>
      it.id === conversation ? { ...it, log: prependFacts(it.log, page.log), more: page.more } : it,
    ),
  };
}

/** What `hello` says of how far this visitor is. */
export function visitorCursor(state: VisitorState | null): Record<string, number> {
  return Object.fromEntries((state?.conversations ?? []).map((it) => [it.id, it.seq]));
}

/** The conversation that a new message goes to: the open one, else the newest. */
export function currentConversation(state: VisitorState): VisitorConversation | null {
  return state.conversations.find((it) => it.status === 'open') ?? state.conversations[state.conversations.length - 1] ?? null;
}

/** Messages of the desk that the visitor has not read, over all conversations. */
export function visitorUnread(state: VisitorState): number {
  return state.conversations.reduce((sum, it) => sum + it.unread, 0);
}

function opened(fact: Extract<Fact, { kind: 'conversation_opened' }>): VisitorConversation {
  return {
    id: fact.stream,
    seq: fact.seq,
    status: 'open',
    assignee: null,
    visitorMarkRead: 0,
    deskMarkDelivered: 0,
    deskMarkRead: 0,
    unread: 0,
    log: [fact],
    more: false,
  };
}

function applied(before: VisitorConversation, fact: Fact): VisitorConversation {
  const log = appendFact(before.log, fact);
  const next: VisitorConversation = { ...before, seq: fact.seq, log };
  switch (fact.kind) {
    case 'message_added':
      if (fact.actor.kind === 'contact') {
        next.visitorMarkRead = fact.seq;
        next.unread = 0;
      } else {
        next.unread += 1;
        next.deskMarkDelivered = next.deskMarkRead = fact.seq;
      }
      break;
    case 'conversation_assigned':
      next.assignee = fact.body.agent;
      break;
    case 'conversation_closed':
      next.status = 'closed';
      next.deskMarkDelivered = next.deskMarkRead = fact.seq;
      break;
    case 'conversation_reopened':
      next.status = 'open';
      break;
    case 'messages_delivered':
      if (fact.body.side === 'desk') next.deskMarkDelivered = fact.body.upTo;
      break;
    case 'messages_read':
      if (fact.body.side === 'desk') {
        next.deskMarkRead = fact.body.upTo;
        next.deskMarkDelivered = Math.max(next.deskMarkDelivered, fact.body.upTo);
      } else {
        next.visitorMarkRead = fact.body.upTo;
        next.unread = fact.body.unread;
      }
      break;
  }
  return next;
}
