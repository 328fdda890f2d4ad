import { pickLanguage } from '@balie/ui';
import type { Language, Options, Theme } from '../shared/bridge';

/** What a site may pass to `Balie('boot', …)`; the same words as `data-…` on the script tag. */
export interface Settings {
  inbox?: string;
  language?: string;
  theme?: string;
  position?: string;
  label?: string;
  launcher?: boolean | string;
  name?: string;
  email?: string;
}

/** The options of this page: the call wins over the script tag. Null when no inbox is named. */
export function readOptions(desk: string, tag: DOMStringMap, call: Settings): Options | null {
  const wish: Settings = Object.assign({}, tag, call);
  if (!wish.inbox) return null;
  return {
    desk,
    inbox: wish.inbox,
    language: asLanguage(wish.language),
    theme: asTheme(wish.theme),
    position: wish.position === 'left' ? 'left' : 'right',
    label: wish.label ?? '',
    launcher: asShown(wish.launcher),
    name: wish.name,
    email: wish.email,
  };
}

/** The site's choice, else the page's own language, else the browser's. */
export const asLanguage = (wish = ''): Language =>
  pickLanguage([wish, document.documentElement.lang, ...navigator.languages]);

export const asTheme = (theme: unknown): Theme => (theme === 'dark' || theme === 'light' ? theme : 'auto');

export const asShown = (launcher: unknown): boolean => String(launcher) !== 'false';
