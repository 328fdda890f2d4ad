/** One line of the log: a message, a note or what happened. */
import { Check, CheckCheck, CircleAlert, Clock, StickyNote } from 'lucide';
import { Component } from 'preact';
import type { Conversation } from '@balie/protocol';
import type { EventRow, MessageRow, Row } from '@balie/state';
import { cx, Icon, linkify } from '@balie/ui';
import { linkStatus, me, theLink } from '../model/desk';
import { contactName, isMe } from '../model/names';
import { Avatar } from '../parts/Avatar';
import { PlayButton } from '../play/PlayButton';
import { t } from '../text/index';
import { clock, exact } from '../text/time';
import { eventText } from './events';

interface LineProps {
  line: Row;
  row: Conversation;
  lead: boolean;
  tail: boolean;
  fresh: boolean;
}

export class Line extends Component<LineProps> {
  /** A row's own changes make a new row; of the conversation only the contact shows. */
  override shouldComponentUpdate(next: LineProps): boolean {
    const { line, lead, tail, fresh, row } = this.props;
    return line !== next.line || lead !== next.lead || tail !== next.tail || fresh !== next.fresh || row.contact !== next.row.contact;
  }

  override render({ line, row, lead, tail, fresh }: LineProps) {
    return (
      <>
        {fresh && (
          <li class="new-line">
            <span>{t().thread.newMessages}</span>
          </li>
        )}
        {line.row === 'event' ? <Event line={line} /> : <Message line={line} row={row} lead={lead} tail={tail} />}
      </>
    );
  }
}

function Event({ line }: { line: EventRow }) {
  return (
    <li class="event">
      <span>{eventText(line.fact)}</span> <time title={exact(line.at)}>{clock(line.at)}</time>
      {line.fact.kind === 'recording_ended' && <PlayButton conversation={line.fact.stream} look={line.fact.body.look} />}
    </li>
  );
}

function Message({ line, row, lead, tail }: { line: MessageRow; row: Conversation; lead: boolean; tail: boolean }) {
  const words = t();
  const author = line.own ? (line.actor ?? { id: me.value?.id ?? '', name: me.value?.name ?? '' }) : row.contact;
  const name = line.own ? (line.actor === null || isMe(line.actor) ? words.list.mine : author.name) : contactName(row);
  const note = line.row === 'note';
  const mine = line.own && (line.actor === null || isMe(line.actor));
  return (
    <li class={cx('message', line.own ? 'is-own' : 'is-theirs', note && 'is-note', lead && 'is-lead', tail && 'is-tail', line.tick === 'failed' && 'is-failed')}>
      {!line.own && <span class="message-who">{tail && <Avatar id={row.contact.id} name={row.contact.name || row.contact.email} size={24} />}</span>}
      <div class="message-body">
        {note && lead && (
          <p class="message-label">
            <Icon icon={StickyNote} />
            {words.thread.noteOnly}
            {!mine && <span> · {name}</span>}
          </p>
        )}
        {!note && lead && line.own && !mine && <p class="message-label">{name}</p>}
        <div class="bubble" title={exact(line.at)}>
          <span class="hidden-text">{words.thread.saidBy(name, clock(line.at))}: </span>
          <Text text={line.text} />
        </div>
        {line.tick === 'failed' ? <Failed line={line} /> : tail && <Meta line={line} />}
      </div>
    </li>
  );
}

/** Text and safe links, as text nodes and anchors: what a visitor writes never becomes markup. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map(({ text: piece, href }, index) =>
        href === null ? (
          piece
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {piece}
          </a>
        ),
      )}
    </>
  );
}

function Meta({ line }: { line: MessageRow }) {
  return (
    <p class="message-meta">
      <time title={exact(line.at)}>{clock(line.at)}</time>
      {line.tick && line.tick !== 'failed' && <Tick tick={line.tick} />}
    </p>
  );
}

const TICKS = { sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck } as const;

function Tick({ tick }: { tick: keyof typeof TICKS }) {
  const words = t().ticks;
  const word = tick === 'sending' && linkStatus.value.state !== 'live' ? words.waiting : words[tick];
  return (
    <span class={`tick is-${tick}`}>
      <Icon icon={TICKS[tick]} />
      <span>{word}</span>
    </span>
  );
}

function Failed({ line }: { line: MessageRow }) {
  const words = t();
  const { pending } = line;
  const known = words.refused as unknown as Record<string, string | undefined>;
  const code = pending?.code ?? '';
  const why = pending?.state === 'stale' ? words.ticks.held : `${words.ticks.refused}. ${(code !== 'other' && known[code]) || words.refused.other(code)}`;
  return (
    <p class="message-failed" role="alert">
      <Icon icon={CircleAlert} />
      <span>{why}</span>
      <button type="button" class="link-button" onClick={() => theLink()?.retry(line.key)}>
        {words.common.retry}
      </button>
      <button type="button" class="link-button" onClick={() => theLink()?.dismiss(line.key)}>
        {words.common.remove}
      </button>
    </p>
  );
}
