/** Which dialogs and panes are open, and where the focus should go. */
import { effect, signal } from '@preact/signals';
import type { DraftKind } from './drafts';
import { route } from './route';

export type SettingsSection = 'me' | 'look' | 'notices' | 'replies' | 'agents' | 'inboxes' | 'hours' | 'looking' | 'webhooks';

export const commandsOpen = signal(false);
export const helpOpen = signal(false);
export const settingsOpen = signal<SettingsSection | null>(null);
/** The phone's contact page; wider screens keep their own choice in prefs. */
export const contactPage = signal(false);
export const composeTab = signal<DraftKind>('message');

let shown: string | null = null;
effect(() => {
  const { conversation } = route.value;
  if (conversation === shown) return;
  shown = conversation;
  composeTab.value = 'message';
  contactPage.value = false;
});

/** Up to 767 px each pane is a page; up to 1199 px the context folds away. */
export const narrow = matches('(max-width: 767px)');
export const medium = matches('(max-width: 1199px)');

function matches(query: string) {
  const list = matchMedia(query);
  const value = signal(list.matches);
  list.addEventListener('change', () => (value.value = list.matches));
  return value;
}

/** Focus an element: at once where it stands already (the next key may follow at once), and when it has been drawn. */
export function focusSoon(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
  const then = document.activeElement;
  requestAnimationFrame(() => {
    // Whoever moved the focus since wanted it elsewhere.
    if (document.activeElement === then || document.activeElement === document.body) document.querySelector<HTMLElement>(selector)?.focus();
  });
}

export function focusComposer(tab: DraftKind): void {
  composeTab.value = tab;
  focusSoon('#compose-text');
}

export function focusRow(): void {
  focusSoon('.row[aria-current="true"], .row[tabindex="0"]');
}
