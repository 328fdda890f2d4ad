/**
 * The talk with the desk as signals that components read. All changes go through the reducer of `@balie/state`;
 * sending, storing and resuming are `@balie/link`'s.
 */

import { createLink, openOutbox, type Link, type LinkStatus } from '@balie/link';
import type { Actor, Fact, FactOf, SignalSeen, VisitorSnapshot } from '@balie/protocol';
import {
  addOlderVisitor,
  applyDesk,
  applyVisitor,
  currentConversation,
  fromVisitorSnapshot,
  NOBODY_TYPES,
  seeTyping,
  typingAfterFact,
  typingEnds,
  typistsOf,
  visitorCursor,
  visitorUnread,
  type LogPage,
  type Pending,
  type VisitorState,
} from '@balie/state';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Options } from '../shared/bridge';
import { createSession, type Session } from './session';

export type Older = 'none' | 'some' | 'loading' | 'failed';

export interface Talk {
  /** Null until the desk answered for the first time. */
  state: ReadonlySignal<VisitorState | null>;
  status: ReadonlySignal<LinkStatus>;
  pending: ReadonlySignal<readonly Pending[]>;
  unread: ReadonlySignal<number>;
  typist: ReadonlySignal<Actor | null>;
  older: ReadonlySignal<Older>;
  link: Link;
  send(text: string): void;
  typing(on: boolean): void;
  /** The visitor has all that is loaded on this device (`delivered`) or saw it (`read`). */
  seen(level: 'delivered' | 'read'): void;
  loadOlder(): Promise<void>;
  claim(): void;
  /** Calls `/v1/visitor/…` as this visitor. */
  call: Session['call'];
  lend: Session['lend'];
  forget(): Promise<void>;
}

/** What the panel hears of besides state: facts that come in while the page lives, never those of the history. */
export interface Ears {
  /** A message of the desk. */
  message(fact: FactOf<'message_added'>): void;
  /** Something about an agent looking along. */
  look(fact: Fact): void;
}

const EMPTY: VisitorState = { desk: { status: 'away', name: '', hours: null }, conversations: [] };

export function createTalk(options: Options, ears: Ears): Talk {
  const state = signal<VisitorState | null>(null);
  const status = signal<LinkStatus>({ state: 'idle' });
  const pending = signal<readonly Pending[]>([]);
  const typing = signal(NOBODY_TYPES);
  const older = signal<'idle' | 'loading' | 'failed'>('idle');
  const marks = new Map<string, number>();
  let typingTimer: ReturnType<typeof setTimeout> | undefined;

  const session = createSession(
    options,
    (desk) => (state.value = applyDesk(state.value ?? EMPTY, desk)),
    () => (state.value = null),
  );
  const storage = openOutbox();
  const scope = `visitor:${options.inbox}`;
  const link = createLink({
    kind: 'visitor',
    url: `${options.desk.replace(/^http/, 'ws')}v1/socket/visitor`,
    ticket: () => session.ticket(),
    scope,
    storage,
    cursor: () => visitorCursor(state.value),
    onFact,
    onResync,
    onSignal,
    onStatus: (now) => (status.value = now),
    onOutbox: (now) => (pending.value = now),
  });

  function onFact(fact: Fact): 'ok' | 'gap' {
    const before = state.value ?? EMPTY;
    const after = applyVisitor(before, fact);
    if (after === 'gap') return 'gap';
    state.value = after;
    setTyping(typingAfterFact(typing.value, fact));
    if (after !== before) told(fact);
    return 'ok';
  }

  function onResync(snapshot: VisitorSnapshot): void {
    const before = state.value;
    const cursor = visitorCursor(before);
    state.value = fromVisitorSnapshot(snapshot);
    if (!before?.conversations.length) return;
    for (const { id, log } of snapshot.conversations) for (const fact of log) if (fact.seq > (cursor[id] ?? 0)) told(fact);
  }

  function told(fact: Fact): void {
    if (fact.kind === 'message_added' && fact.actor.kind !== 'contact') ears.message(fact);
    if (/^(look|control)_/.test(fact.kind)) ears.look(fact);
  }

  function onSignal(seen: SignalSeen): void {
    if (seen.kind === 'desk') state.value = applyDesk(state.value ?? EMPTY, seen.desk);
    if (seen.kind === 'typing') setTyping(seeTyping(typing.value, seen, Date.now()));
  }

  function setTyping(now: typeof typing.value): void {
    typing.value = now;
    clearTimeout(typingTimer);
    const ends = typingEnds(now, Date.now());
    if (ends !== null) typingTimer = setTimeout(() => setTyping([...typing.value]), ends - Date.now() + 1);
  }

  const current = () => (state.value ? currentConversation(state.value) : null);
  const oldest = () => state.value?.conversations.find((it) => it.more) ?? null;

  return {
    state,
    status,
    pending,
    link,
    unread: computed(() => (state.value ? visitorUnread(state.value) : 0)),
    typist: computed(() => {
      const id = current()?.id;
      return (id && typistsOf(typing.value, id, Date.now())[0]) || null;
    }),
    older: computed(() => (!oldest() ? 'none' : older.value === 'idle' ? 'some' : older.value)),
    // Never names a conversation: the desk finds the open one or opens a new one, also after a restart in between.
    send: (text) => void link.send({ text }),
    typing(on) {
      const it = current();
      if (it?.status === 'open') link.typing(it.id, on);
    },
    seen(level) {
      for (const { id, unread, log, visitorMarkRead } of state.value?.conversations ?? []) {
        const last = log.findLast((fact) => fact.kind === 'message_added' && fact.actor.kind !== 'contact');
        const mark = `${id} ${level}`;
        if (!unread || !last || last.seq <= visitorMarkRead || last.seq <= (marks.get(mark) ?? 0)) continue;
        marks.set(mark, last.seq);
        link.read(id, last.seq, level);
      }
    },
    async loadOlder() {
      const from = oldest();
      const first = from?.log[0];
      if (!from || !first || older.value === 'loading') return;
      older.value = 'loading';
      try {
        const page = await session.call<LogPage>(`conversations/${from.id}/facts?before=${first.seq}`);
        if (state.value) state.value = addOlderVisitor(state.value, from.id, page);
        older.value = 'idle';
      } catch {
        older.value = 'failed';
      }
    },
    claim: () => void session.claim().catch(() => undefined),
    call: session.call,
    lend: session.lend,
    async forget() {
      link.stop();
      await Promise.all((await storage.all(scope)).map((entry) => storage.remove(entry.cid)));
      await session.forget();
    },
  };
}
