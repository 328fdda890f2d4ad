/** What the launcher says. The panel's table stands in `panel/texts.ts`, so that it is not in the first request. */

import type { Language } from '../shared/bridge';

const nl = {
  chat: 'Chat',
  open: 'Chat openen',
  close: 'Chat sluiten',
  unread: (n: number) => (n === 1 ? '1 ongelezen bericht' : `${n} ongelezen berichten`),
  failed: 'De chat laadt niet. Controleer je internetverbinding en klik nog een keer.',
};

const en: typeof nl = {
  chat: 'Chat',
  open: 'Open chat',
  close: 'Close chat',
  unread: (n) => (n === 1 ? '1 unread message' : `${n} unread messages`),
  failed: 'The chat does not load. Check your internet connection and click again.',
};

export const texts: Record<Language, typeof nl> = { nl, en };
