/** What the agent was typing, per conversation and kind: kept here at once, on the server soon after. */
import { signal } from '@preact/signals';
import type { Draft } from '@balie/protocol';
import { draftKey } from '@balie/state';
import { conversations } from '../api/calls';
import { statusOf } from '../api/http';
import { me, onSnapshot } from './desk';

export type DraftKind = Draft['kind'];

interface Kept {
  text: string;
  at: number;
  /** The server has it. */
  saved: boolean;
}

const SERVER_MS = 800;
const RETRY_MS = 10_000;

export const drafts = signal<ReadonlyMap<string, Kept>>(new Map());
const timers = new Map<string, number>();

export function draft(conversation: string, kind: DraftKind): string {
  return drafts.value.get(draftKey(conversation, kind))?.text ?? '';
}

export function setDraft(conversation: string, kind: DraftKind, text: string): void {
  if (draft(conversation, kind) === text) return;
  put(draftKey(conversation, kind), { text, at: Date.now(), saved: false });
  later(conversation, kind, SERVER_MS);
}

function put(key: string, kept: Kept): void {
  const next = new Map(drafts.peek());
  if (kept.text === '' && kept.saved) next.delete(key);
  else next.set(key, kept);
  drafts.value = next;
  store(next);
}

function later(conversation: string, kind: DraftKind, ms: number): void {
  const key = draftKey(conversation, kind);
  clearTimeout(timers.get(key));
  timers.set(key, window.setTimeout(() => void save(conversation, kind), ms));
}

async function save(conversation: string, kind: DraftKind): Promise<void> {
  const key = draftKey(conversation, kind);
  const kept = drafts.peek().get(key);
  if (!kept || kept.saved) return;
  try {
    await conversations.draft(conversation, kind, kept.text);
    const current = drafts.peek().get(key);
    if (current?.at === kept.at) put(key, { ...kept, saved: true });
  } catch (error) {
    const status = statusOf(error);
    // Not there or not allowed will not change; all else is tried again, also after logging in anew.
    if (status !== 404 && status !== 403) later(conversation, kind, RETRY_MS);
  }
}

function storageKey(): string {
  return `balie.drafts.${me.peek()?.id ?? ''}`;
}

function store(all: ReadonlyMap<string, Kept>): void {
  try {
    localStorage.setItem(storageKey(), JSON.stringify([...all]));
  } catch {
    // Storage is full or blocked: the server's copy remains.
  }
}

function stored(): [string, Kept][] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(storageKey()) ?? '[]');
    return Array.isArray(read) ? (read as [string, Kept][]) : [];
  } catch {
    return [];
  }
}

/** Bring both copies together: what this device had not saved yet wins, else the server's. */
export function keepDrafts(): void {
  onSnapshot((state) => {
    const merged = new Map<string, Kept>();
    for (const [key, { text, at }] of state.drafts) merged.set(key, { text, at, saved: true });
    for (const [key, kept] of [...stored(), ...drafts.peek()]) if (!kept.saved) merged.set(key, kept);
    drafts.value = merged;
    store(merged);
    for (const [key, kept] of merged) {
      const [conversation = '', kind] = key.split('/');
      if (!kept.saved) later(conversation, kind === 'note' ? 'note' : 'message', SERVER_MS);
    }
  });
  addEventListener('storage', (event) => {
    if (event.key !== storageKey()) return;
    const mine = drafts.peek();
    const next = new Map(mine);
    for (const [key, kept] of stored()) if (kept.at > (mine.get(key)?.at ?? 0)) next.set(key, kept);
    drafts.value = next;
  });
}
