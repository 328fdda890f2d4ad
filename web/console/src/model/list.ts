/** The rows of the view on screen. While the pointer is over the list nothing moves under it. */
import { computed, signal } from '@preact/signals';
import type { Conversation } from '@balie/protocol';
import { inboxRows } from '@balie/state';
import { state } from './desk';
import { openConversation, route } from './route';

const held = signal<readonly string[] | null>(null);

const sorted = computed<readonly Conversation[]>(() => (state.value ? inboxRows(state.value, route.value.view) : []));

export const rows = computed<readonly Conversation[]>(() => (held.value ? inHeldOrder(sorted.value, held.value) : sorted.value));

/** Rows in the order they had; those that came since stand at the end. */
export function inHeldOrder(now: readonly Conversation[], order: readonly string[]): readonly Conversation[] {
  const place = new Map(order.map((id, index) => [id, index]));
  return [...now].sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

export function holdOrder(): void {
  held.value ??= rows.peek().map((row) => row.id);
}

export function releaseOrder(): void {
  held.value = null;
}

/** Step through the list; from nowhere, to its first row. Returns the row to show. */
export function step(by: 1 | -1): string | null {
  const all = rows.peek();
  const at = all.findIndex((row) => row.id === route.peek().conversation);
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
  if (!next) return null;
  openConversation(next.id, route.peek().conversation !== null);
  return next.id;
}

/** The row to go to when this one leaves the view: the one below it, else the one above. */
export function neighbour(id: string): string | null {
  const all = rows.peek();
  const at = all.findIndex((row) => row.id === id);
  return at < 0 ? null : (all[at + 1]?.id ?? all[at - 1]?.id ?? null);
}

/** The rows above and below. */
export function beside(id: string): string[] {
  const all = rows.peek();
  const at = all.findIndex((row) => row.id === id);
  return at < 0 ? [] : [all[at + 1], all[at + 2], all[at - 1]].flatMap((row) => (row ? [row.id] : []));
}
