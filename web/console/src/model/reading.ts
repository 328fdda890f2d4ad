/** Marks: delivered for all that arrives, read for the conversation in view in a focused window. */
import { effect, signal } from '@preact/signals';
import type { Conversation } from '@balie/protocol';
import { me, onFact, onSnapshot, state, theLink } from './desk';
import { route } from './route';

export const focused = signal(document.hasFocus());
/** Stepping through a list is not reading. */
const DWELL_MS = 600;

export function watchFocus(): void {
  const look = () => (focused.value = document.visibilityState === 'visible' && document.hasFocus());
  addEventListener('focus', look);
  addEventListener('blur', look);
  document.addEventListener('visibilitychange', look);
}

export function keepMarks(): void {
  onFact((fact) => {
    if (fact.kind === 'message_added' && fact.actor.kind === 'contact') theLink()?.read(fact.stream, fact.seq, 'delivered');
  });
  onSnapshot(({ conversations }) => {
    for (const row of conversations.values()) {
      if (row.deskUnread > 0 && row.deskMark.delivered < row.visitorMark.read) theLink()?.read(row.id, row.visitorMark.read, 'delivered');
    }
  });
  let timer = 0;
  effect(() => {
    clearTimeout(timer);
    const id = route.value.conversation;
    const row = id ? state.value?.conversations.get(id) : undefined;
    if (!row || !focused.value || row.deskUnread === 0 || !answersFor(row)) return;
    if (state.value?.logs.get(row.id)?.facts.length === 0) return;
    timer = window.setTimeout(() => theLink()?.read(row.id, row.seq, 'read'), DWELL_MS);
  });
}

/** A colleague looking on does not read in the assignee's place. */
function answersFor(row: Conversation): boolean {
  return row.assignee === null || row.assignee.id === me.value?.id;
}
