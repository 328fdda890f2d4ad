/** One line above the conversation while a look waits, runs elsewhere, or has just ended. */
import { CircleAlert, CircleCheck, Clock, ScanEye, X } from 'lucide';
import { Icon } from '@balie/ui';
import type { Conversation, Look } from '@balie/protocol';
import { useEffect } from 'preact/hooks';
import { formText } from '../contact/form';
import { visits, wantVisit } from '../contact/visit';
import { contactName, isMe } from '../model/names';
import { me, presence } from '../model/desk';
import { deskTime } from '../model/deskTime';
import { now } from '../model/now';
import { Button, IconButton } from '../parts/Button';
import { t } from '../text/index';
import { invite, stop } from './actions';
import { useSeconds } from './clock';
import { endedText } from './ended';
import { leftText } from './left';
import { dismissLook, isDismissed, lookOf, openLook, openPicture } from './looks';
import { isLive, isWaiting } from './stage';
import { TOLD_MS } from './times';

/** After the contact's own pane, which asks the same. */
const REST_MS = 400;

export function LookStrip({ row }: { row: Conversation }) {
  const look = lookOf(row.id);
  useEffect(() => {
    const timer = setTimeout(() => visits.peek().has(row.contact.id) || void wantVisit(row.contact.id), REST_MS);
    return () => clearTimeout(timer);
  }, [row.contact.id]);
  if (!look || (look.state === 'ended' && hasFormError(row))) return <FormError row={row} />;
  if (isWaiting(look)) return <Waiting row={row} look={look} />;
  if (openLook.value?.id === look.id) return null;
  if (isLive(look)) return <Elsewhere look={look} />;
  if (look.endedAt === null || deskTime(now.value) - look.endedAt > TOLD_MS || isDismissed(look.id)) return null;
  return <Ended row={row} look={look} />;
}

/** The reason to ask, before anything of the page is seen. */
function FormError({ row }: { row: Conversation }) {
  const words = t().looking;
  if (!hasFormError(row)) return null;
  return (
    <div class="look-strip is-form" role="status">
      <Icon icon={CircleAlert} />
      <span class="look-strip-words">{words.form.strip(formText(visits.value.get(row.contact.id)?.state?.form ?? []))}</span>
      <Button kind="plain" onClick={() => void invite(row.id)}>
        {words.button}
      </Button>
    </div>
  );
}

function hasFormError(row: Conversation): boolean {
  const visit = visits.value.get(row.contact.id);
  return row.status === 'open' && presence.value.online.has(row.contact.id) && (visit?.state?.form.length ?? 0) > 0;
}

function Waiting({ row, look }: { row: Conversation; look: Look }) {
  const words = t().looking.strip;
  const at = useSeconds(look.expiresAt !== null);
  const mine = isMe(look.agent);
  const name = contactName(row);
  return (
    <div class="look-strip is-waiting" role="status">
      <Icon icon={Clock} />
      <span class="look-strip-words">
        {look.state === 'asking' ? words.asking(name) : mine || !look.agent ? words.invited(name) : words.askedBy(look.agent.name, name)}
        {look.expiresAt !== null && (
          // A reader need not hear each second.
          <span class="look-left" aria-hidden="true">
            {words.left(leftText(look.expiresAt, at))}
          </span>
        )}
      </span>
      <Button kind="quiet" onClick={() => void stop(look.id)}>
        {words.withdraw}
      </Button>
    </div>
  );
}

function Elsewhere({ look }: { look: Look }) {
  const words = t().looking.strip;
  const leads = look.agent !== null && look.agent.id !== me.value?.id;
  return (
    <div class="look-strip is-live" role="status">
      <Icon icon={ScanEye} />
      <span class="look-strip-words">{leads ? words.others(look.agent?.name ?? '') : words.mine}</span>
      <Button kind={leads ? 'plain' : 'primary'} onClick={() => openPicture(look)}>
        {leads ? words.watchToo : words.watch}
      </Button>
    </div>
  );
}

function Ended({ row, look }: { row: Conversation; look: Look }) {
  const words = t().looking;
  const plain = look.endReason === 'visitor' || look.endReason === 'agent' || look.endReason === 'escape';
  return (
    <div class="look-strip is-ended" role="status">
      <Icon icon={plain ? CircleCheck : CircleAlert} />
      <span class="look-strip-words">{endedText(look) || words.stages.ended}</span>
      {row.status === 'open' && (
        <Button kind="quiet" onClick={() => void invite(row.id)}>
          {words.strip.again}
        </Button>
      )}
      <IconButton icon={X} label={words.strip.dismiss} onClick={() => dismissLook(look.id)} />
    </div>
  );
}
