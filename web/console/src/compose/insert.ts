/** Put text into the reply box at the caret, in a way that Ctrl/Cmd-Z takes back. */
import type { CannedReply } from '@balie/protocol';
import { fill, firstName, gaps, type Values } from '../canned/variables';
import { conversation, me } from '../model/desk';
import { route } from '../model/route';
import { composeTab, focusComposer } from '../model/ui';

export function textBox(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>('#compose-text');
}

export function insertText(text: string): void {
  const box = textBox();
  if (!box) return;
  box.focus();
  // Deprecated, yet the only way to insert that keeps the browser's own undo; it also fires the input event.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** What is known of the conversation in view, for the variables of canned replies. */
export function values(): Values {
  const row = conversation(route.peek().conversation);
  const agent = me.peek();
  return {
    'contact.firstName': firstName(row?.contact.name ?? ''),
    'contact.name': row?.contact.name ?? '',
    'contact.email': row?.contact.email ?? '',
    'contact.phone': row?.contact.phone ?? '',
    'agent.name': agent?.name ?? '',
    'agent.firstName': firstName(agent?.name ?? ''),
    'conversation.number': row ? String(row.number) : '',
    'organisation.name': agent?.organisation.name ?? '',
  };
}

export function insertReply(reply: CannedReply): void {
  focusComposer(composeTab.peek());
  requestAnimationFrame(() => {
    insertText(fill(reply.text, values()));
    selectGap(0);
  });
}

/** Select the first variable at or after `from` that is still to be filled in; says whether there was one. */
export function selectGap(from: number): boolean {
  const box = textBox();
  const gap = box && gaps(box.value).find((one) => one.from >= from);
  if (!box || !gap) return false;
  box.focus();
  box.setSelectionRange(gap.from, gap.to);
  return true;
}
