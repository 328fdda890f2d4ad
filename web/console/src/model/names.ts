/** What people are called on screen. */
import type { Actor, Conversation } from '@balie/protocol';
import { t } from '../text/index';
import { me } from './desk';

/** A contact without a name goes by the number of the conversation. */
export function contactName(row: Conversation): string {
  return row.contact.name.trim() || row.contact.email.trim() || t().visitor(row.number);
}

export function isMe(actor: Actor | null): boolean {
  return actor !== null && actor.id === me.value?.id;
}
