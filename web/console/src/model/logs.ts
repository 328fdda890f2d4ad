/** Logs of conversations: fetched once, then fed by facts, so that switching is instant. */
import { effect, signal } from '@preact/signals';
import { addOlder, closeLog, openLog, putConversation, putRows } from '@balie/state';
import { conversations } from '../api/calls';
import { statusOf } from '../api/http';
import { linkStatus, onSnapshot, state, update } from './desk';
import { beside } from './list';
import { route } from './route';

/** Conversations whose log could not be fetched, and why. */
export const failedLogs = signal<ReadonlyMap<string, 'gone' | 'failed'>>(new Map());
export const fetchingOlder = signal<string | null>(null);

const KEPT = 80;
const AHEAD_MS = 250;
const under = new Set<string>();
/** Most recently looked at last. */
const seen: string[] = [];

/** Make sure that this log is here or on its way. */
export function wantLog(id: string): void {
  const current = state.peek();
  if (!current || under.has(id)) return;
  const log = current.logs.get(id);
  if (log && !log.loading && current.conversations.has(id)) return;
  under.add(id);
  update((before) => openLog(before, id));
  void fetchLog(id);
}

async function fetchLog(id: string): Promise<void> {
  try {
    const snapshot = await conversations.read(id);
    update((before) => putConversation(before, snapshot));
    setFailed(id, null);
  } catch (error) {
    const status = statusOf(error);
    setFailed(id, status === 404 || status === 403 || status === 400 ? 'gone' : 'failed');
  } finally {
    under.delete(id);
  }
}

function setFailed(id: string, why: 'gone' | 'failed' | null): void {
  const next = new Map(failedLogs.peek());
  if (why) next.set(id, why);
  else next.delete(id);
  failedLogs.value = next;
}

export async function wantOlder(id: string): Promise<void> {
  const log = state.peek()?.logs.get(id);
  const first = log?.facts[0];
  if (!log?.more || !first || fetchingOlder.peek() === id) return;
  fetchingOlder.value = id;
  try {
    const page = await conversations.older(id, first.seq);
    update((before) => addOlder(before, id, page));
  } catch {
    // The next scroll to the top asks again.
  } finally {
    fetchingOlder.value = null;
  }
}

/** Older closed conversations, page by page: the snapshot holds the last ones only. */
export const closedMore = signal<'unknown' | 'loading' | 'failed' | 'end'>('unknown');
let closedCursor: string | null = null;

export async function wantOlderClosed(): Promise<void> {
  if (closedMore.peek() === 'loading' || closedMore.peek() === 'end') return;
  closedMore.value = 'loading';
  try {
    const page = await conversations.list('closed', closedCursor);
    update((before) => putRows(before, page.items));
    closedCursor = page.next;
    closedMore.value = page.next ? 'unknown' : 'end';
  } catch {
    closedMore.value = 'failed';
  }
}

export function keepLogs(): void {
  onSnapshot(() => {
    closedCursor = null;
    closedMore.value = 'unknown';
    const open = route.peek().conversation;
    if (open) wantLog(open);
  });
  effect(() => {
    const id = route.value.conversation;
    if (!id || !state.value) return;
    wantLog(id);
    remember(id);
  });
  let timer = 0;
  effect(() => {
    const id = route.value.conversation;
    clearTimeout(timer);
    // Where j and k lead is fetched ahead, so that the next step shows at once.
    if (id) timer = window.setTimeout(() => beside(id).forEach(wantLog), AHEAD_MS);
  });
  effect(() => {
    for (const id of state.value?.missing.keys() ?? []) wantLog(id);
  });
  effect(() => {
    if (linkStatus.value.state !== 'live') return;
    for (const [id, why] of failedLogs.peek()) if (why === 'failed') wantLog(id);
  });
}

function remember(id: string): void {
  const at = seen.indexOf(id);
  if (at >= 0) seen.splice(at, 1);
  seen.push(id);
  if (seen.length <= KEPT) return;
  const oldest = seen.shift();
  if (oldest) queueMicrotask(() => update((before) => closeLog(before, oldest)));
}
