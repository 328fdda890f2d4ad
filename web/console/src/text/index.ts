/** The language of the screen: one signal, one table. Components read `t()` and follow a switch at once. */
import { effect, signal } from '@preact/signals';
import type { Language } from '@balie/protocol';
import { pickLanguage } from '@balie/ui';
import { en } from './en';
import { nl, type Texts } from './nl';

const KEY = 'balie.language';
const tables: Record<Language, Texts> = { nl, en };

export const language = signal<Language>(first());

export function t(): Texts {
  return tables[language.value];
}

export function setLanguage(next: Language): void {
  language.value = next;
  localStorage.setItem(KEY, next);
}

/** Whether somebody chose a language on this device. */
export function chosenHere(): boolean {
  return localStorage.getItem(KEY) !== null;
}

function first(): Language {
  const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
  if (kept === 'nl' || kept === 'en') return kept;
  return pickLanguage(typeof navigator === 'undefined' ? [] : navigator.languages);
}

if (typeof document !== 'undefined') {
  effect(() => {
    document.documentElement.lang = language.value;
  });
}
