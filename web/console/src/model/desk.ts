/** What this console knows: the snapshot fed by the log, signals on top, and the link that brings both. */
import { batch, computed, signal } from '@preact/signals';
import type { Agent, AgentSnapshot, Conversation, Fact, Me, Resync, SignalSeen } from '@balie/protocol';
import { createLink, type Link, type LinkStatus, openOutbox, uuidv7 } from '@balie/link';
import {
  type AgentState,
  applyAgent,
  fromAgentSnapshot,
  inboxCounts,
  NO_PRESENCE,
  NOBODY_TYPES,
  type Pending,
  seePresence,
  seeTyping,
  typingAfterFact,
} from '@balie/state';
import { session } from '../api/calls';

export const state = signal<AgentState | null>(null);
export const presence = signal(NO_PRESENCE);
export const typing = signal(NOBODY_TYPES);
export const outbox = signal<readonly Pending[]>([]);
/** Whether the desk does without something for a while: who is there and who types may come late. */
export const degraded = signal(false);
export const linkStatus = signal<LinkStatus>({ state: 'idle' });

export const me = computed<Me | null>(() => state.value?.me ?? null);
export const counts = computed(() => (state.value ? inboxCounts(state.value) : null));
export const agentsById = computed(() => new Map(state.value?.agents.map((agent) => [agent.id, agent]) ?? []));
export const myself = computed<Agent | null>(() => agentsById.value.get(me.value?.id ?? '') ?? null);

type Listener<T> = (told: T) => void;
const factListeners = new Set<(fact: Fact, before: AgentState) => void>();
const snapshotListeners = new Set<Listener<AgentState>>();
const signalListeners = new Set<Listener<SignalSeen>>();

/** Hear each new fact after it was applied. */
export function onFact(listener: (fact: Fact, before: AgentState) => void): void {
  factListeners.add(listener);
}

/** Hear each new start from a snapshot. */
export function onSnapshot(listener: Listener<AgentState>): void {
  snapshotListeners.add(listener);
}

export function onSignal(listener: Listener<SignalSeen>): void {
  signalListeners.add(listener);
}

let link: Link | null = null;

export function theLink(): Link | null {
  return link;
}

export function conversation(id: string | null): Conversation | undefined {
  return id ? state.value?.conversations.get(id) : undefined;
}

export function update(change: (before: AgentState) => AgentState): void {
  const before = state.peek();
  if (before) state.value = change(before);
}

/** Connect as this agent. Called again after logging in anew: what is on screen stays. */
export function connect(agent: Me): void {
  link?.stop();
  const at = new URL('/v1/socket/agent', location.href);
  at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:';
  link = createLink({
    kind: 'agent',
    url: at.href,
    ticket: async () => (await session.ticket()).ticket,
    scope: agent.id,
    storage: openOutbox(),
    dev: uuidv7(),
    cursor: () => state.peek()?.position ?? null,
    onFact: takeFact,
    onResync: takeSnapshot,
    onSignal: takeSignal,
    onStatus: (status) => {
      linkStatus.value = status;
      // A desk that is degraded says so again to every new connection.
      if (status.state !== 'live') degraded.value = false;
    },
    onOutbox: (pending) => (outbox.value = pending),
  });
  link.start();
}

export function disconnect(): void {
  link?.stop();
  link = null;
  state.value = null;
}

function takeFact(fact: Fact): 'ok' | 'gap' {
  const before = state.peek();
  if (!before) return 'gap';
  const next = applyAgent(before, fact);
  if (next === 'gap') return 'gap';
  if (next === before) return 'ok';
  batch(() => {
    state.value = next;
    typing.value = typingAfterFact(typing.peek(), fact);
  });
  for (const listener of factListeners) listener(fact, before);
  return 'ok';
}

function takeSnapshot(snapshot: AgentSnapshot, reason: Resync['reason']): void {
  const next = fromAgentSnapshot(snapshot, reason === 'epoch' ? null : state.peek());
  state.value = next;
  for (const listener of snapshotListeners) listener(next);
}

function takeSignal(told: SignalSeen): void {
  batch(() => {
    presence.value = seePresence(presence.peek(), told);
    if (told.kind === 'service') degraded.value = told.degraded;
    if (told.kind === 'typing') typing.value = seeTyping(typing.peek(), told, Date.now());
  });
  for (const listener of signalListeners) listener(told);
}
