/** One conversation in the list: who, first words, quiet marks, and how long they have waited. */
import { Clock, ScanEye, StickyNote } from 'lucide';
import { cx, Icon } from '@balie/ui';
import type { Conversation } from '@balie/protocol';
import { typistsOf } from '@balie/state';
import type { View } from '../api/calls';
import { looksOf } from '../look/looks';
import { isLive } from '../look/stage';
import { presence, typing } from '../model/desk';
import { draft } from '../model/drafts';
import { wantLog } from '../model/logs';
import { contactName, isMe } from '../model/names';
import { now } from '../model/now';
import { openConversation, pathOf } from '../model/route';
import { focusComposer, narrow } from '../model/ui';
import { Avatar } from '../parts/Avatar';
import { language, t } from '../text/index';
import { exact, inList, lasting, urgency } from '../text/time';

interface RowProps {
  row: Conversation;
  view: View;
  chosen: boolean;
  /** Reached with Tab; the others with j and k. */
  reachable: boolean;
}

export function Row({ row, view, chosen, reachable }: RowProps) {
  const name = contactName(row);
  const unread = row.deskUnread > 0;
  return (
    <a
      href={pathOf({ view, conversation: row.id })}
      class={cx('row', unread && 'is-unread', chosen && 'is-chosen')}
      aria-current={chosen ? 'true' : undefined}
      tabIndex={reachable ? 0 : -1}
      draggable={false}
      onPointerEnter={() => wantLog(row.id)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        openConversation(row.id);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        openConversation(row.id);
        if (!narrow.peek()) focusComposer('message');
      }}
    >
      <Avatar id={row.contact.id} name={row.contact.name || row.contact.email} presence={presence.value.online.has(row.contact.id) ? 'online' : null} />
      <span class="row-line">
        <span class="row-name">{name}</span>
        <Time row={row} />
      </span>
      <span class="row-line">
        <span class="row-words">
          <Words row={row} chosen={chosen} />
        </span>
        <Marks row={row} view={view} />
      </span>
    </a>
  );
}

function Marks({ row, view }: { row: Conversation; view: View }) {
  const words = t().list;
  const { assignee, deskUnread } = row;
  return (
    <span class="row-marks">
      {row.language !== language.value && <span class="row-language">{row.language.toUpperCase()}</span>}
      {view !== 'mine' && assignee && (
        <>
          <Avatar id={assignee.id} name={assignee.name} size={20} person="agent" />
          <span class="hidden-text">{words.assignedTo(isMe(assignee) ? t().common.you : assignee.name)}</span>
        </>
      )}
      {isLive(looksOf.value.get(row.id)) && (
        <span class="row-look">
          <Icon icon={ScanEye} label={t().looking.label} />
        </span>
      )}
      {deskUnread > 0 && (
        <span class="row-unread">
          <span aria-hidden="true">{deskUnread > 99 ? '99+' : deskUnread}</span>
          <span class="hidden-text">{words.unread(deskUnread)}</span>
        </span>
      )}
    </span>
  );
}

function Time({ row }: { row: Conversation }) {
  if (row.waitingSince === null) {
    return (
      <time class="row-time" title={exact(row.lastAt)}>
        {inList(row.lastAt, now.value)}
      </time>
    );
  }
  const waited = Math.max(0, now.value - row.waitingSince);
  const words = lasting(waited);
  return (
    <span class={`row-time row-waits urgency-${urgency(waited)}`} title={t().list.waitingFull(words)}>
      <Icon icon={Clock} size={16} />
      <span class="hidden-text">{t().list.waiting(words)}</span>
      <span aria-hidden="true">{words}</span>
    </span>
  );
}

function Words({ row, chosen }: { row: Conversation; chosen: boolean }) {
  const words = t().list;
  const types = typistsOf(typing.value, row.id, Date.now()).some((one) => one.kind === 'contact');
  if (types) return <span class="row-types">{words.typing}</span>;
  const unsent = chosen ? '' : draft(row.id, 'message');
  if (unsent) {
    return (
      <>
        <span class="row-draft">{words.draft}:</span> {unsent.slice(0, 140)}
      </>
    );
  }
  if (!row.last) return <>{words.noMessage}</>;
  const { kind, actor, text } = row.last;
  return (
    <>
      {kind === 'note' && (
        <span class="row-note">
          <Icon icon={StickyNote} />
          <span class="hidden-text">{words.note}</span>
        </span>
      )}
      {actor.kind !== 'contact' && <span class="row-author">{isMe(actor) ? words.mine : actor.name.split(' ')[0]}: </span>}
      {text}
    </>
  );
}
