/** The looks of this desk as far as they are on screen: read from the desk, read again when the log says that one changed. */
import { computed, effect, signal, untracked } from '@preact/signals';
import type { Fact, Look } from '@balie/protocol';
import { looks as api } from '../api/looks';
import { me, onFact, onSnapshot, state } from '../model/desk';
import { notify } from '../model/announce';
import { contactName } from '../model/names';
import { openConversation, route } from '../model/route';
import { t } from '../text/index';
import { isLive } from './stage';

/** The live look of a conversation, else its last one of today; by conversation. */
export const looksOf = signal<ReadonlyMap<string, Look | null>>(new Map());
/** Looks that this agent joined, or closed the picture of, in this window. */
const joined = signal<ReadonlySet<string>>(new Set());
const left = signal<ReadonlySet<string>>(new Set());
/** Endings that were read. */
const dismissed = signal<ReadonlySet<string>>(new Set());

let shown: string | null = null;
const SETTLE_MS = 50;
const timers = new Map<string, number>();
const rounds = new Map<string, number>();

export function lookOf(conversation: string | null): Look | null {
  return (conversation && looksOf.value.get(conversation)) || null;
}

export function putLook(look: Look): void {
  if (look.conversation) put(look.conversation, look);
}

function put(conversation: string, look: Look | null): void {
  looksOf.value = new Map(looksOf.peek()).set(conversation, look);
}

/** Only the answer to the newest question counts. */
export async function wantLook(conversation: string): Promise<void> {
  const round = (rounds.get(conversation) ?? 0) + 1;
  rounds.set(conversation, round);
  try {
    const look = await api.of(conversation);
    if (rounds.get(conversation) === round) put(conversation, look);
  } catch {
    // The next fact, or opening the conversation again, asks once more.
  }
}

/** The picture that belongs on screen: that of the conversation shown, when this agent leads it or joined it. */
export const openLook = computed<Look | null>(() => {
  const look = lookOf(route.value.conversation);
  if (!look || left.value.has(look.id)) return null;
  const leads = look.agent?.id === me.value?.id;
  if (isLive(look)) return leads || joined.value.has(look.id) ? look : null;
  // An ending is told where the picture was.
  return look.state === 'ended' && joined.value.has(look.id) ? look : null;
});

/** Put the picture on screen, and keep its place until it is closed. */
export function openPicture(look: Look): void {
  left.value = without(left.peek(), look.id);
  joined.value = new Set(joined.peek()).add(look.id);
}

export function closePicture(look: string): void {
  joined.value = without(joined.peek(), look);
  left.value = new Set(left.peek()).add(look);
}

export function dismissLook(look: string): void {
  dismissed.value = new Set(dismissed.peek()).add(look);
  closePicture(look);
}

export function isDismissed(look: string): boolean {
  return dismissed.value.has(look);
}

export function keepLooks(): void {
  effect(() => {
    const { conversation } = route.value;
    if (conversation && state.value?.conversations.has(conversation)) untracked(() => seen(conversation));
  });
  onFact((fact) => {
    const conversation = fact.stream;
    if (fact.kind === 'look_accepted') tellAgreed(conversation);
    if (fact.kind === 'recording_declined') tellDeclined(conversation, fact.body.reason);
    if (!isAboutLook(fact) || !(looksOf.peek().has(conversation) || route.peek().conversation === conversation)) return;
    clearTimeout(timers.get(conversation));
    timers.set(conversation, window.setTimeout(() => void wantLook(conversation), SETTLE_MS));
  });
  onSnapshot(() => {
    for (const conversation of looksOf.peek().keys()) void wantLook(conversation);
  });
}

/** The agent who asked may be with somebody else by now. */
function tellAgreed(conversation: string): void {
  const row = state.peek()?.conversations.get(conversation);
  const look = looksOf.peek().get(conversation);
  if (!row || look?.agent?.id !== me.peek()?.id || route.peek().conversation === conversation) return;
  const words = t().looking;
  notify(words.strip.agreed(contactName(row)), { label: words.button, run: () => openConversation(conversation) });
}

/** The button goes back to what it was: why, is said beside it. */
function tellDeclined(conversation: string, reason: string): void {
  if (looksOf.peek().get(conversation)?.recording?.agent.id !== me.peek()?.id) return;
  const words = t().playing;
  if (reason === 'visitor' || reason === 'timeout') notify(reason === 'visitor' ? words.declined : words.unanswered);
}

/** Read when a conversation is shown, and at once when one is shown again. */
function seen(conversation: string): void {
  if (shown === conversation) return;
  shown = conversation;
  void wantLook(conversation);
}

export function isAboutLook(fact: Pick<Fact, 'kind'>): boolean {
  return /^(?:look|control|recording)_/.test(fact.kind);
}

function without(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set);
  next.delete(one);
  return next;
}
