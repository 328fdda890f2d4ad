import {
  type Agent,
  type AgentSnapshot,
  type CannedReply,
  type Conversation,
  type ConversationSnapshot,
  CONVERSATION_KINDS,
  type Draft,
  type Fact,
  type Inbox,
  type Me,
  type Team,
} from '@balie/protocol';
import { applyConversation } from './conversation';
import { appendFact, EMPTY_LOG, type Log, logFromSnapshot, type LogPage, prependFacts } from './log';
import { replaceAt } from './replace';

/** All a console knows: rows of conversations, and the logs of those that were opened. */
export interface AgentState {
  /** The global position of the last fact applied; the resume cursor. */
  readonly position: number;
  readonly me: Me;
  readonly agents: readonly Agent[];
  readonly teams: readonly Team[];
  readonly inboxes: readonly Inbox[];
  readonly replies: readonly CannedReply[];
  /** What features added to the snapshot, by slice name. */
  readonly slices: Readonly<Record<string, unknown>>;
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly logs: ReadonlyMap<string, Log>;
  /** Conversations heard of but not known, with the facts heard: the console fetches each and calls `putConversation`. */
  readonly missing: ReadonlyMap<string, readonly Fact[]>;
  /** By `draftKey`. */
  readonly drafts: ReadonlyMap<string, Draft>;
}

/**
 * The state from a snapshot. Logs of `before` stay visible but count as `loading`, so the console fetches those it shows.
 * Leave `before` out when the desk's history changed (reason `epoch`).
 */
export function fromAgentSnapshot(snapshot: AgentSnapshot, before: AgentState | null = null): AgentState {
  const { position, me, agents, teams, inboxes, slices } = snapshot;
  return {
    position,
    me,
    agents,
    teams,
    inboxes,
    slices,
    replies: (slices['replies'] ?? []) as CannedReply[],
    conversations: new Map(snapshot.conversations.map((row) => [row.id, row])),
    logs: new Map(Array.from(before?.logs ?? [], ([id, log]) => [id, { ...log, loading: true }])),
    missing: new Map(),
    drafts: new Map(snapshot.drafts.map((draft) => [draftKey(draft.conversation, draft.kind), draft])),
  };
}

/** The state after `fact`; the same object when the fact is old, `'gap'` when facts are missing in between. */
export function applyAgent(state: AgentState, fact: Fact): AgentState | 'gap' {
  if (fact.pos <= state.position) return state;
  const next = isOfConversation(state, fact) ? applyToConversation(state, fact) : applyToDesk(state, fact);
  return next === 'gap' ? next : { ...next, position: fact.pos };
}

/** The console is about to fetch this conversation's log: facts from now on are kept for it. */
export function openLog(state: AgentState, conversation: string): AgentState {
  const log = state.logs.get(conversation);
  return log ? state : { ...state, logs: set(state.logs, conversation, EMPTY_LOG) };
}

/** Forget a log that is no longer shown. */
export function closeLog(state: AgentState, conversation: string): AgentState {
  return state.logs.has(conversation) ? { ...state, logs: without(state.logs, conversation) } : state;
}

/** The state with a fetched conversation; facts that overtook it are applied on top. */
export function putConversation(state: AgentState, snapshot: ConversationSnapshot): AgentState {
  const { id } = snapshot.conversation;
  const heard = state.missing.get(id) ?? [];
  const meanwhile = state.logs.get(id) ?? EMPTY_LOG;
  const known = state.conversations.get(id);
  let row = known && known.seq > snapshot.conversation.seq ? known : snapshot.conversation;
  let log = logFromSnapshot(snapshot, meanwhile);
  let rest: readonly Fact[] = [];
  for (const [n, fact] of heard.entries()) {
    const next = applyConversation(row, fact);
    if (next === 'gap') {
      rest = heard.slice(n);
      break;
    }
    row = next;
    log = { ...log, facts: appendFact(log.facts, fact) };
  }
  return {
    ...state,
    conversations: set(state.conversations, id, row),
    logs: set(state.logs, id, log),
    missing: rest.length > 0 ? set(state.missing, id, rest) : without(state.missing, id),
  };
}

/** The state with a page of rows, such as older closed conversations; what is known and newer stays. */
export function putRows(state: AgentState, rows: readonly Conversation[]): AgentState {
  const conversations = new Map(state.conversations);
  for (const row of rows) {
    if ((conversations.get(row.id)?.seq ?? 0) < row.seq) conversations.set(row.id, row);
  }
  return { ...state, conversations };
}

/** The state with an older page of a conversation's log. */
export function addOlder(state: AgentState, conversation: string, page: LogPage): AgentState {
  const log = state.logs.get(conversation);
  if (!log) return state;
  const merged = { ...log, facts: prependFacts(log.facts, page.log), more: page.more };
  return { ...state, logs: set(state.logs, conversation, merged) };
}

/** The state with the agent's own draft; empty text removes it. */
export function putDraft(state: AgentState, draft: Draft): AgentState {
  const key = draftKey(draft.conversation, draft.kind);
  return {
    ...state,
    drafts: draft.text === '' ? without(state.drafts, key) : set(state.drafts, key, draft),
  };
}

export function draftKey(conversation: string, kind: Draft['kind']): string {
  return `${conversation}/${kind}`;
}

function isOfConversation(state: AgentState, fact: Fact): boolean {
  return (CONVERSATION_KINDS as readonly string[]).includes(fact.kind) || state.conversations.has(fact.stream);
}

function applyToConversation(state: AgentState, fact: Fact): AgentState | 'gap' {
  const id = fact.stream;
  const before = state.conversations.get(id) ?? null;
  const heard = state.missing.get(id);
  if (heard || (before === null && fact.seq > 1)) {
    return { ...state, missing: set(state.missing, id, [...(heard ?? []), fact]) };
  }
  const row = applyConversation(before, fact);
  if (row === 'gap') return row;
  if (row === before) return state;
  const log = state.logs.get(id);
  const facts = log && appendFact(log.facts, fact);
  return {
    ...state,
    conversations: set(state.conversations, id, row),
    logs: log && facts && facts !== log.facts ? set(state.logs, id, { ...log, facts }) : state.logs,
  };
}

function applyToDesk(state: AgentState, fact: Fact): AgentState {
  switch (fact.kind) {
    case 'contact_changed': {
      const { contact } = fact.body;
      const rows = new Map(state.conversations);
      for (const row of state.conversations.values()) {
        if (row.contact.id === contact.id) rows.set(row.id, { ...row, contact });
      }
      return { ...state, conversations: rows };
    }
    case 'agent_changed':
      return { ...state, agents: putById(state.agents, fact.body.agent) };
    case 'inbox_changed':
      return { ...state, inboxes: putById(state.inboxes, fact.body.inbox) };
    case 'agent_status_changed': {
      const agent = state.agents.find((it) => it.id === fact.stream);
      return agent ? { ...state, agents: putById(state.agents, { ...agent, status: fact.body.status, awayReason: fact.body.reason || '' }) } : state;
    }
    case 'reply_saved':
      return { ...state, replies: putById(state.replies, fact.body.reply) };
    case 'reply_removed':
      return { ...state, replies: state.replies.filter((it) => it.id !== fact.body.id) };
    default:
      return state;
  }
}

function putById<T extends { id: string }>(all: readonly T[], one: T): readonly T[] {
  const at = all.findIndex((it) => it.id === one.id);
  return at < 0 ? [...all, one] : replaceAt(all, at, one);
}

function set<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
