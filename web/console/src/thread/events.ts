/** What happened, in a sentence. */
import type { EventRow } from '@balie/state';
import { isMe } from '../model/names';
import { t } from '../text/index';
import { lookText } from './lookEvents';

export function eventText(fact: EventRow['fact']): string {
  const words = t().thread;
  const who = fact.actor.kind === 'contact' ? fact.actor.name || t().contact.title : fact.actor.name;
  const mine = isMe(fact.actor);
  switch (fact.kind) {
    case 'conversation_opened': {
      const page = fact.body.page;
      return page ? words.opened(page.title || page.url) : words.openedPlain;
    }
    case 'conversation_assigned': {
      const to = fact.body.agent;
      if (!to) return mine ? words.youHandedBack : words.handedBack(who);
      if (to.id === fact.actor.id) return mine ? words.youTook : words.took(who);
      if (isMe(to)) return words.assignedYou(who);
      return mine ? words.youAssigned(to.name) : words.assigned(who, to.name);
    }
    case 'conversation_closed':
      return mine ? words.youClosed : words.closedBy(who);
    case 'conversation_reopened':
      return mine ? words.youReopened : words.reopenedBy(who);
    default:
      return lookText(fact);
  }
}
