/** Keys of the whole page. Letters stay letters in text fields; dialogs and menus keep their own keys. */
import { KeyMatcher } from './match';
import { perform } from './run';
import { settingsOpen, commandsOpen, helpOpen, contactPage, focusRow } from '../model/ui';
import { letterKeys } from '../model/prefs';
import { stepBack } from '../look/deeds';
import { openConversation, route } from '../model/route';

const matcher = new KeyMatcher();

export function listenForKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (event.key === 'Escape') {
      escape(event);
      return;
    }
    const action = matcher.press(event, isTyping(event) || !letterKeys.peek(), Date.now());
    if (!action) return;
    const inside = document.querySelector('dialog[open]');
    if (inside && action !== 'commands') return;
    if (action === 'commands' && (settingsOpen.peek() || helpOpen.peek())) return;
    if (perform(action)) event.preventDefault();
  });
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog, [popover]')) return true;
  return target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
}

/** One step back at a time: out of the field, to the list; on a phone out of the page. */
function escape(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open], [popover]:popover-open:not(.tooltip)') || commandsOpen.peek()) return;
  if (stepBack()) {
    event.preventDefault();
    return;
  }
  if (contactPage.peek()) {
    contactPage.value = false;
  } else if (document.activeElement?.closest('.thread, .context, .look')) {
    focusRow();
  } else if (route.peek().conversation) {
    openConversation(null);
    focusRow();
  } else {
    return;
  }
  event.preventDefault();
}
