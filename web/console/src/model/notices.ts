/** New work that is not in view: title, sound, desktop notice. Of several tabs one speaks, and none when another looks. */
import { computed, effect } from '@preact/signals';
import type { Fact } from '@balie/protocol';
import type { AgentState } from '@balie/state';
import { previewText } from '@balie/state';
import { t } from '../text/index';
import { announce } from './announce';
import { counts, myself, onFact, state } from './desk';
import { contactName } from './names';
import { desktopNotices, sound } from './prefs';
import { focused } from './reading';
import { openConversation, route } from './route';
import { chime } from './sound';

const TAB = crypto.getRandomValues(new Uint32Array(1))[0];
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('balie-look') : null;
/** What the other tabs look at now. */
const looks = new Map<number, string>();
let speaks = !('locks' in navigator);

const inView = computed(() => (focused.value ? (route.value.conversation ?? '') : ''));

export function keepNotices(): void {
  effect(() => {
    const unread = counts.value?.unread ?? 0;
    document.title = unread > 0 ? `(${unread}) ${t().product}` : t().product;
  });
  effect(() => channel?.postMessage({ tab: TAB, look: inView.value }));
  channel?.addEventListener('message', ({ data }: MessageEvent<{ tab: number; look: string }>) => looks.set(data.tab, data.look));
  if ('locks' in navigator) {
    // Held as long as this tab lives; the next tab in line takes over.
    void navigator.locks.request('balie-notices', () => {
      speaks = true;
      return new Promise<void>(() => undefined);
    });
  }
  onFact(hear);
}

function hear(fact: Fact, before: AgentState): void {
  if (fact.stream === inView.peek()) {
    // The log itself is no live region: it would read older pages and own words too.
    if (fact.kind === 'message_added' && fact.actor.kind === 'contact') announce(t().notices.announce(nameIn(fact.stream), previewText(fact.body.text)));
    return;
  }
  const notice = worthTelling(fact, before);
  if (!notice) return;
  if (focused.peek()) announce(t().notices.announce(notice.title, notice.body));
  if (!speaks || [...looks.values()].includes(fact.stream) || myself.peek()?.status === 'away') return;
  if (sound.peek()) chime();
  const looking = focused.peek() || [...looks.values()].some(Boolean);
  if (!looking && desktopNotices.peek()) show(fact.stream, notice);
}

function nameIn(conversation: string): string {
  const row = state.peek()?.conversations.get(conversation);
  return row ? contactName(row) : '';
}

interface Notice {
  title: string;
  body: string;
}

function worthTelling(fact: Fact, before: AgentState): Notice | null {
  const row = state.peek()?.conversations.get(fact.stream);
  const mine = before.me.id;
  if (!row) return null;
  const name = contactName(row);
  if (fact.kind === 'message_added' && fact.actor.kind === 'contact') {
    if (row.assignee !== null && row.assignee.id !== mine) return null;
    const title = row.assignee ? t().notices.messageTitle(name) : t().notices.newTitle(name);
    return { title, body: previewText(fact.body.text) };
  }
  if (fact.kind === 'conversation_assigned' && fact.body.agent?.id === mine && fact.actor.id !== mine) {
    return { title: t().notices.assignedTitle(name), body: row.last?.text ?? '' };
  }
  return null;
}

function show(conversation: string, { title, body }: Notice): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const notice = new Notification(title, { body, tag: conversation, silent: true, lang: document.documentElement.lang });
  notice.onclick = () => {
    window.focus();
    openConversation(conversation);
    notice.close();
  };
}
