/** This device's own settings. They survive log-out; nothing about contacts is in them. */
import { effect, type Signal, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

export const theme = kept<Theme>('theme', 'system');
export const sound = kept<boolean>('sound', true);
export const desktopNotices = kept<boolean>('notices', false);
export const contextOpen = kept<boolean>('context', true);
/** Single letters work as keys; off for who dictates or types by accident (WCAG 2.1.4). */
export const letterKeys = kept<boolean>('letters', true);
/** How much of the room the visitor's page takes beside the conversation, in percent. */
export const lookShare = kept<string>('look-share', '66');
/** The agent has seen how a first conversation goes. */
export const hintSeen = kept<boolean>('hint', false);

const dark = matchMedia('(prefers-color-scheme: dark)');
export const systemDark = signal(dark.matches);
dark.addEventListener('change', () => (systemDark.value = dark.matches));

export function isDark(): boolean {
  return theme.value === 'dark' || (theme.value === 'system' && systemDark.value);
}

export function toggleTheme(): void {
  theme.value = isDark() ? 'light' : 'dark';
}

effect(() => {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
});

/** A signal kept in this browser, the same in all its tabs. */
function kept<T extends string | boolean>(name: string, first: T): Signal<T> {
  const key = `balie.${name}`;
  const value = signal(read(localStorage.getItem(key), first));
  let loaded = false;
  effect(() => {
    const text = String(value.value);
    if (loaded) localStorage.setItem(key, text);
    loaded = true;
  });
  addEventListener('storage', (event) => {
    if (event.key === key) value.value = read(event.newValue, first);
  });
  return value;
}

function read<T extends string | boolean>(text: string | null, first: T): T {
  if (text === null) return first;
  return (typeof first === 'boolean' ? text === 'true' : text) as T;
}
