/** What happened while looking along, in a sentence. */
import type { EventRow } from '@balie/state';
import { isMe } from '../model/names';
import { timeText } from '../play/times';
import { t } from '../text/index';

type LookFact = Extract<EventRow['fact'], { kind: `look_${string}` | `control_${string}` | `recording_${string}` }>;

export function lookText(fact: LookFact): string {
  const words = t().looking.log;
  const recorded = t().playing.log;
  const mine = isMe(fact.actor);
  switch (fact.kind) {
    case 'look_invited':
      if (fact.body.code) return mine ? words.youCode : words.codeGiven(fact.actor.name);
      return mine ? words.youInvited : words.invited(fact.actor.name);
    case 'look_accepted':
      return words.accepted(pathOf(fact.body.address));
    case 'look_continued':
      return words.continued[fact.body.on](pathOf(fact.body.address));
    case 'look_declined':
      return fact.body.reason === 'timeout' ? words.unanswered : words.declined;
    case 'look_ended':
      // A line of the log has no full stop at its end.
      return (t().looking.ended[fact.body.reason] ?? t().looking.stages.ended).replace(/\.$/, '');
    case 'control_granted':
      return words.granted[fact.body.kind];
    case 'control_withdrawn':
      return words.withdrawn[fact.body.reason][fact.body.kind];
    case 'recording_started':
      return recorded.started;
    case 'recording_declined':
      return fact.body.reason === 'visitor' ? recorded.declined : fact.body.reason === 'timeout' ? recorded.unanswered : recorded.askEnded;
    case 'recording_ended':
      return recorded.ended[fact.body.reason](timeText(fact.body.duration));
    case 'recording_removed':
      return recorded.removed[fact.body.reason](fact.actor.name);
  }
}

/** Host and path, as people read addresses. */
function pathOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/$/, '');
}
