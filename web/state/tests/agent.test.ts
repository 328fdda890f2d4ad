import type { ConversationSnapshot, Fact } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import {
  addOlder,
  type AgentState,
  applyAgent,
  closeLog,
  draftKey,
  fromAgentSnapshot,
  inboxCounts,
  inboxRows,
  openLog,
  putConversation,
  putDraft,
  putRows,
} from '../src/index';
import { agentSnapshot, factOf, JAN, message, NOOR, note, OMAR, opened, rowOf, VISITOR } from './facts';

const FACTS: Fact[] = [
  opened(),
  message(2, VISITOR, 'hallo'),
  note(3, 'let op'),
  factOf('conversation_assigned', 4, NOOR, { agent: NOOR }),
  factOf('messages_read', 5, NOOR, { side: 'desk', upTo: 2, unread: 0 }),
  message(6, NOOR, 'goedemiddag'),
];

function after(facts: readonly Fact[], from: AgentState = fromAgentSnapshot(agentSnapshot())): AgentState {
  let state = from;
  for (const fact of facts) {
    const next = applyAgent(state, fact);
    if (next === 'gap') throw new Error(`gap at ${fact.pos}`);
    state = next;
  }
  return state;
}

function snapshotOf(facts: readonly Fact[]): ConversationSnapshot {
  const log = facts.filter((it) => it.kind !== 'messages_read');
  return { conversation: rowOf(facts), log, more: false };
}

describe('a console', () => {
  it('builds a new row from its first fact and follows it', () => {
    const state = after(FACTS);
    expect(state.position).toBe(6);
    expect(state.conversations.get('cnv_1')).toEqual(rowOf(FACTS));
    expect(state.logs.size).toBe(0);
  });

  it('applies each fact once, and stops at a gap', () => {
    const state = after(FACTS);
    for (const fact of FACTS) expect(applyAgent(state, fact)).toBe(state);
    expect(applyAgent(state, message(8, VISITOR, 'x', { pos: 9 }))).toBe('gap');
  });

  it('goes on from any snapshot to the same rows', () => {
    for (let n = 1; n < FACTS.length; n += 1) {
      const snapshot = agentSnapshot([rowOf(FACTS.slice(0, n))], n);
      expect(after(FACTS.slice(n), fromAgentSnapshot(snapshot)).conversations).toEqual(after(FACTS).conversations);
    }
  });

  it('keeps other rows and logs as they are', () => {
    const two = after([opened({ stream: 'cnv_2', pos: 7 })], openLog(after(FACTS), 'cnv_1'));
    const next = after([message(2, VISITOR, 'x', { stream: 'cnv_2', pos: 8 })], two);
    expect(next.conversations.get('cnv_1')).toBe(two.conversations.get('cnv_1'));
    expect(next.logs).toBe(two.logs);
  });

  it('loses no line that comes while a log is fetched, whichever arrives first', () => {
    for (let fetchedAt = 1; fetchedAt <= FACTS.length; fetchedAt += 1) {
      for (let arrivesAt = fetchedAt; arrivesAt <= FACTS.length; arrivesAt += 1) {
        let state = openLog(after(FACTS.slice(0, fetchedAt)), 'cnv_1');
        state = after(FACTS.slice(fetchedAt, arrivesAt), state);
        state = putConversation(state, snapshotOf(FACTS.slice(0, fetchedAt)));
        state = after(FACTS.slice(arrivesAt), state);
        expect(state.logs.get('cnv_1')).toEqual({ facts: snapshotOf(FACTS).log, more: false, loading: false });
        expect(state.conversations.get('cnv_1')).toEqual(rowOf(FACTS));
      }
    }
  });

  it('takes a snapshot that is ahead of the facts, and drops those when they come', () => {
    const state = putConversation(openLog(after(FACTS.slice(0, 2)), 'cnv_1'), snapshotOf(FACTS));
    const end = after(FACTS.slice(2), state);
    expect(end.conversations.get('cnv_1')).toEqual(rowOf(FACTS));
    expect(end.logs.get('cnv_1')?.facts).toEqual(snapshotOf(FACTS).log);
    expect(end.position).toBe(6);
  });

  it('remembers what it hears of an unknown conversation until that is fetched', () => {
    for (let known = 3; known <= FACTS.length; known += 1) {
      const heard = after(FACTS.slice(3));
      expect(Array.from(heard.missing.keys())).toEqual(['cnv_1']);
      expect(heard.position).toBe(6);
      expect(inboxCounts(heard).all).toBe(0);
      const found = putConversation(heard, snapshotOf(FACTS.slice(0, known)));
      expect(found.missing.size).toBe(0);
      expect(found.conversations.get('cnv_1')).toEqual(rowOf(FACTS));
      expect(found.logs.get('cnv_1')?.facts).toEqual(snapshotOf(FACTS).log);
    }
  });

  it('asks again when the fetched conversation is too old to join what it heard', () => {
    const heard = after(FACTS.slice(4));
    const found = putConversation(heard, snapshotOf(FACTS.slice(0, 2)));
    expect(found.missing.get('cnv_1')?.map((it) => it.seq)).toEqual([5, 6]);
    expect(putConversation(found, snapshotOf(FACTS)).missing.size).toBe(0);
  });

  it('changes a contact in every row, and agents, inboxes and replies', () => {
    const contact = { ...JAN, name: 'Jan de Vries' };
    const inbox = { id: 'inb_1', name: 'Site', kind: 'web', key: 'k', team: null, language: 'nl', allowedOrigins: [], calendar: null } as const;
    const reply = { id: 'rpl_1', shortcut: 'hi', title: 'Hi', text: 'Hallo', language: 'nl' } as const;
    const org = (n: number): { stream: string; pos: number } => ({ stream: 'org_1', pos: 100 + n });
    const before = after([...FACTS, opened({ stream: 'cnv_2', pos: 7 })]);
    const agent = { id: 'agt_2', name: 'Omar', kind: 'person', role: 'agent', active: true, status: 'away', teams: [], awayReason: 'break' } as const;
    const state = after(
      [
        factOf('contact_changed', 1, NOOR, { contact }, org(1)),
        factOf('agent_changed', 2, NOOR, { agent }, org(2)),
        factOf('agent_status_changed', 1, OMAR, { status: 'online', reason: '' }, { stream: 'agt_2', pos: 103 }),
        factOf('inbox_changed', 3, NOOR, { inbox }, org(4)),
        factOf('reply_saved', 4, NOOR, { reply }, org(5)),
        factOf('reply_saved', 5, NOOR, { reply: { ...reply, title: 'Hey' } }, org(6)),
        factOf('agent_status_changed', 1, OMAR, { status: 'online', reason: '' }, { stream: 'agt_unknown', pos: 107 }),
      ],
      before,
    );
    expect(Array.from(state.conversations.values(), (row) => row.contact.name)).toEqual(['Jan de Vries', 'Jan de Vries']);
    expect(state.agents.map((it) => [it.name, it.status, it.awayReason])).toEqual([['Noor', 'online', ''], ['Omar', 'online', '']]);
    expect(state.inboxes).toEqual([inbox]);
    expect(state.replies.map((it) => it.title)).toEqual(['Hey']);
    const removed = after([factOf('reply_removed', 6, NOOR, { id: 'rpl_1' }, org(8))], state);
    expect(removed.replies).toEqual([]);
    expect(removed.position).toBe(108);
  });

  it('keeps logs over a resync as loading, and forgets them on request', () => {
    const state = putConversation(openLog(after(FACTS), 'cnv_1'), snapshotOf(FACTS));
    const resynced = fromAgentSnapshot(agentSnapshot([rowOf(FACTS)], 6), state);
    expect(resynced.logs.get('cnv_1')).toMatchObject({ loading: true });
    expect(fromAgentSnapshot(agentSnapshot()).logs.size).toBe(0);
    expect(closeLog(state, 'cnv_1').logs.size).toBe(0);
    expect(closeLog(state, 'cnv_9')).toBe(state);
    expect(openLog(state, 'cnv_1')).toBe(state);
  });

  it('adds older pages and rows, never going back', () => {
    const state = putConversation(after(FACTS), { ...snapshotOf(FACTS), log: FACTS.slice(2, 4), more: true });
    const older = addOlder(state, 'cnv_1', { log: FACTS.slice(0, 3), more: false });
    expect(older.logs.get('cnv_1')?.facts.map((it) => it.seq)).toEqual([1, 2, 3, 4]);
    expect(older.logs.get('cnv_1')?.more).toBe(false);
    expect(addOlder(state, 'cnv_9', { log: [], more: false })).toBe(state);
    const rows = putRows(state, [rowOf(FACTS.slice(0, 2)), { ...rowOf(FACTS), id: 'cnv_3' }]);
    expect(rows.conversations.get('cnv_1')).toEqual(rowOf(FACTS));
    expect(rows.conversations.has('cnv_3')).toBe(true);
  });

  it('keeps drafts by conversation and kind', () => {
    const draft = { conversation: 'cnv_1', kind: 'note', text: 'later', at: 1 } as const;
    const state = putDraft(after(FACTS), draft);
    expect(state.drafts.get(draftKey('cnv_1', 'note'))).toBe(draft);
    expect(putDraft(state, { ...draft, text: '' }).drafts.size).toBe(0);
  });
});

describe('inbox views', () => {
  const row = rowOf([opened()]);
  const rows = [
    { ...row, id: 'a', number: 1, lastAt: 5, waitingSince: 5 },
    { ...row, id: 'b', number: 2, lastAt: 9, waitingSince: 3, assignee: NOOR, deskUnread: 2 },
    { ...row, id: 'c', number: 3, lastAt: 7, assignee: OMAR, deskUnread: 4 },
    { ...row, id: 'd', number: 4, lastAt: 8 },
    { ...row, id: 'e', number: 5, lastAt: 1, status: 'closed' as const },
    { ...row, id: 'f', number: 6, lastAt: 2, status: 'closed' as const, assignee: NOOR },
  ];
  const state = fromAgentSnapshot(agentSnapshot(rows));
  const ids = (...args: Parameters<typeof inboxRows> extends [unknown, ...infer R] ? R : never): string =>
    inboxRows(state, ...args).map((it) => it.id).join('');

  it('hold what belongs to them, who waits longest first', () => {
    expect(ids('unassigned')).toBe('ad');
    expect(ids('mine')).toBe('b');
    expect(ids('all')).toBe('badc');
    expect(ids('closed')).toBe('fe');
    expect(ids('all', 'newest')).toBe('bdca');
    expect(ids('all', 'oldest')).toBe('acdb');
  });

  it('are counted', () => {
    expect(inboxCounts(state)).toEqual({ unassigned: 2, mine: 1, all: 4, closed: 2, unread: 2 });
  });
});
