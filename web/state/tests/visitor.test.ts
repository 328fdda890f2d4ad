import type { Fact, VisitorConversation } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import {
  addOlderVisitor,
  applyDesk,
  applyVisitor,
  currentConversation,
  fromVisitorSnapshot,
  type VisitorState,
  visitorCursor,
  visitorUnread,
} from '../src/index';
import { factOf, message, NOOR, opened, VISITOR } from './facts';

const EMPTY = fromVisitorSnapshot({ desk: { status: 'online', name: 'Desk', hours: null }, conversations: [] });

function after(facts: readonly Fact[], from: VisitorState = EMPTY): VisitorState {
  let state = from;
  for (const fact of facts) {
    const next = applyVisitor(state, fact);
    if (next === 'gap') throw new Error(`gap at ${fact.seq}`);
    state = next;
  }
  return state;
}

const only = (state: VisitorState): VisitorConversation => {
  const [conversation] = state.conversations;
  if (!conversation) throw new Error('none');
  return conversation;
};

const FACTS: Fact[] = [
  opened(),
  message(2, VISITOR, 'hallo'),
  factOf('conversation_assigned', 3, NOOR, { agent: NOOR }),
  factOf('messages_read', 4, NOOR, { side: 'desk', upTo: 2, unread: 0 }),
  message(5, NOOR, 'goedemiddag'),
  factOf('hidden', 6, NOOR, {}),
  message(7, NOOR, 'waarmee kan ik helpen'),
  factOf('messages_delivered', 8, VISITOR, { side: 'visitor', upTo: 7 }),
  factOf('messages_read', 9, VISITOR, { side: 'visitor', upTo: 5, unread: 1 }),
  message(10, VISITOR, 'nota'),
  factOf('messages_delivered', 11, NOOR, { side: 'desk', upTo: 10 }),
];

describe('a visitor', () => {
  it('sees a conversation grow', () => {
    const seen = only(after(FACTS));
    expect(seen).toMatchObject({
      id: 'cnv_1',
      seq: 11,
      status: 'open',
      assignee: NOOR,
      unread: 0,
      visitorMarkRead: 10,
      deskMarkRead: 7,
      deskMarkDelivered: 10,
      more: false,
    });
    expect(seen.log.map((it) => it.seq)).toEqual([1, 2, 3, 5, 7, 10]);
  });

  it('shows each fact once, and nothing after a gap', () => {
    const state = after(FACTS);
    for (const fact of FACTS) expect(applyVisitor(state, fact)).toBe(state);
    expect(applyVisitor(state, message(13, NOOR, 'x'))).toBe('gap');
    expect(applyVisitor(EMPTY, message(2, NOOR, 'x'))).toBe('gap');
  });

  it('goes on from a snapshot as if it had been there', () => {
    for (let n = 1; n < FACTS.length; n += 1) {
      const snapshot = structuredClone(after(FACTS.slice(0, n)));
      expect(after(FACTS.slice(n), snapshot)).toEqual(after(FACTS));
    }
  });

  it('closes, reopens, and starts another conversation', () => {
    const closed = after([...FACTS, factOf('conversation_closed', 12, NOOR, {})]);
    expect(only(closed)).toMatchObject({ status: 'closed', deskMarkDelivered: 12, deskMarkRead: 12 });
    expect(only(after([factOf('conversation_reopened', 13, VISITOR, {})], closed)).status).toBe('open');
    const two = after([opened({ stream: 'cnv_2' })], closed);
    expect(currentConversation(closed)?.id).toBe('cnv_1');
    expect(currentConversation(two)?.id).toBe('cnv_2');
    expect(visitorCursor(two)).toEqual({ cnv_1: 12, cnv_2: 1 });
    expect(visitorCursor(null)).toEqual({});
    expect(currentConversation(EMPTY)).toBe(null);
  });

  it('keeps untouched conversations as they are', () => {
    const two = after([opened({ stream: 'cnv_2' })], after(FACTS));
    const next = after([message(2, NOOR, 'x', { stream: 'cnv_2' })], two);
    expect(next.conversations[0]).toBe(two.conversations[0]);
    expect(visitorUnread(next)).toBe(1);
  });

  it('adds older pages once', () => {
    const late = after(FACTS);
    const cut = { ...late, conversations: [{ ...only(late), log: only(late).log.slice(3), more: true }] };
    const page = { log: only(late).log.slice(0, 4), more: false };
    expect(addOlderVisitor(cut, 'cnv_1', page)).toEqual(late);
    expect(addOlderVisitor(late, 'cnv_1', page)).toEqual(late);
  });

  it('hears that the desk went away', () => {
    expect(applyDesk(EMPTY, { status: 'away', name: 'Desk', hours: null }).desk.status).toBe('away');
  });
});
