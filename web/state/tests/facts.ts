import type { Actor, AgentSnapshot, Contact, Conversation, Fact, FactBodies, FactKind } from '@balie/protocol';
import { applyConversation } from '../src/index';

export const START = 1_750_000_000_000;
export const JAN: Contact = { id: 'con_1', name: 'Jan', email: '', phone: '', language: 'nl' };
export const VISITOR: Actor = { kind: 'contact', id: 'con_1', name: 'Jan' };
export const NOOR: Actor = { kind: 'agent', id: 'agt_1', name: 'Noor' };
export const OMAR: Actor = { kind: 'agent', id: 'agt_2', name: 'Omar' };

export function factOf<K extends FactKind>(
  kind: K,
  seq: number,
  actor: Actor,
  body: FactBodies[K],
  more: { stream?: string; pos?: number; at?: number } = {},
): Fact {
  const { stream = 'cnv_1', pos = seq, at = START + seq * 1_000 } = more;
  return { kind, seq, actor, body, stream, pos, at } as Fact;
}

export function opened(more: Parameters<typeof factOf>[4] = {}): Fact {
  const body = { number: 1, inbox: 'inb_1', contact: JAN, language: 'nl', page: null } as const;
  return factOf('conversation_opened', 1, VISITOR, body, more);
}

export function message(seq: number, actor: Actor, text: string, more: Parameters<typeof factOf>[4] & { cid?: string } = {}): Fact {
  return factOf('message_added', seq, actor, { cid: more.cid ?? `cid-${seq}`, text, sentAt: null }, more);
}

export function note(seq: number, text: string): Fact {
  return factOf('note_added', seq, NOOR, { cid: `cid-${seq}`, text });
}

/** A row from facts; fails on a gap. */
export function rowOf(facts: readonly Fact[]): Conversation {
  let row: Conversation | null = null;
  for (const fact of facts) {
    const next = applyConversation(row, fact);
    if (next === 'gap') throw new Error(`gap at ${fact.seq}`);
    row = next;
  }
  if (row === null) throw new Error('no facts');
  return row;
}

export function agentSnapshot(conversations: Conversation[] = [], position = 0): AgentSnapshot {
  return {
    position,
    me: {
      id: NOOR.id,
      name: 'Noor',
      email: 'noor@example.nl',
      role: 'agent',
      language: 'nl',
      organisation: { id: 'org_1', name: 'Voorbeeld' },
    },
    agents: [
      { id: NOOR.id, name: 'Noor', kind: 'person', role: 'agent', active: true, status: 'online', teams: [], awayReason: '' },
    ],
    teams: [],
    inboxes: [],
    conversations,
    drafts: [],
    slices: { replies: [] },
  };
}
