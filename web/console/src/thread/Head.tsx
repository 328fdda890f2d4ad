/** The head of a conversation: who, in which state, whose, and the few actions. */
import { ArrowLeft, Check, Ellipsis, Link as LinkIcon, PanelRight, RotateCcw, Undo2 } from 'lucide';
import { cx } from '@balie/ui';
import type { Conversation } from '@balie/protocol';
import { Icon } from '@balie/ui';
import { close, copyLink, handBack, reopen, takeAndReply } from '../model/actions';
import { contactName, isMe } from '../model/names';
import { now } from '../model/now';
import { contextOpen } from '../model/prefs';
import { openConversation } from '../model/route';
import { contactPage, narrow } from '../model/ui';
import { contextFloats } from '../look/current';
import { LookButton } from '../look/LookButton';
import { openLook } from '../look/looks';
import { isLive } from '../look/stage';
import { toggleContext } from '../keys/run';
import { presence } from '../model/desk';
import { Avatar } from '../parts/Avatar';
import { Button, IconButton } from '../parts/Button';
import { Menu } from '../parts/Menu';
import { t } from '../text/index';
import { exact, lasting, urgency } from '../text/time';
import { AssignPicker } from './AssignPicker';

export function Head({ row }: { row: Conversation }) {
  const words = t();
  const name = contactName(row);
  const open = row.status === 'open';
  const context = contextFloats.value ? contactPage.value : contextOpen.value;
  return (
    <header class="head">
      {narrow.value && <IconButton icon={ArrowLeft} size={20} label={words.thread.back} onClick={() => openConversation(null)} />}
      <Avatar id={row.contact.id} name={row.contact.name || row.contact.email} presence={presence.value.online.has(row.contact.id) ? 'online' : null} />
      <div class="head-who">
        <h2 title={name}>{name}</h2>
        <p class="head-state">
          <State row={row} />
          <span class="head-number">#{row.number}</span>
        </p>
      </div>
      <div class="head-actions">
        {open && !(isLive(openLook.value) && openLook.value?.conversation === row.id) && <LookButton row={row} />}
        {open && !narrow.value && <AssignPicker row={row} />}
        {open && !isMe(row.assignee) && (
          <Button kind={row.assignee ? 'plain' : 'primary'} tip={words.act.take} action="take" onClick={() => void takeAndReply(row.id)}>
            {words.act.take}
          </Button>
        )}
        {open ? (
          <Button icon={Check} tip={words.act.close} action="close" class="head-close" onClick={() => void close(row.id)}>
            {words.act.close}
          </Button>
        ) : (
          <Button icon={RotateCcw} tip={words.act.reopen} action="reopen" onClick={() => void reopen(row.id)}>
            {words.act.reopen}
          </Button>
        )}
        <Menu
          label={words.act.more}
          trigger={<Icon icon={Ellipsis} />}
          items={[
            ...(open && row.assignee ? [{ label: words.act.handBack, icon: Undo2, action: 'handBack' as const, run: () => void handBack(row.id) }] : []),
            { label: words.act.copyLink, icon: LinkIcon, run: () => void copyLink(row.id) },
          ]}
        />
        <IconButton
          icon={PanelRight}
          label={context ? words.thread.hideContact : words.thread.showContact}
          action="context"
          expanded={context}
          class={cx(context && 'is-on')}
          onClick={toggleContext}
        />
      </div>
    </header>
  );
}

/** A word and a shape, never a colour alone. */
function State({ row }: { row: Conversation }) {
  const words = t();
  if (row.status === 'closed') {
    return (
      <span class="state is-closed" title={row.closedAt ? exact(row.closedAt) : undefined}>
        <span class="state-shape" />
        {words.thread.closed}
      </span>
    );
  }
  if (row.waitingSince !== null) {
    const waited = Math.max(0, now.value - row.waitingSince);
    return (
      <span class={`state is-waiting urgency-${urgency(waited)}`} title={exact(row.waitingSince)}>
        <span class="state-shape" />
        {words.list.waiting(lasting(waited))}
      </span>
    );
  }
  return (
    <span class="state is-open">
      <span class="state-shape" />
      {row.assignee ? words.thread.open : words.thread.unassigned}
    </span>
  );
}
