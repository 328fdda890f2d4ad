import { Check, CheckCheck, CircleAlert, CircleCheck, clockTime, Clock, cx, exactTime, Icon, linkify, moment, type Language } from '@balie/ui';
import type { MessageLine } from './lines';
import type { Translation } from './texts';

interface Props {
  line: MessageLine;
  t: Translation;
  language: Language;
  live: boolean;
  onRetry: (cid: string) => void;
  onDiscard: (cid: string) => void;
}

/** One message. Its text is text: links are found, nothing else is read into it. */
export function Message({ line, t, language, live, onRetry, onDiscard }: Props) {
  const { row, first, last } = line;
  const who = row.own ? t('you') : row.actor?.name || t('agent');
  return (
    <li class={cx('message', row.own ? 'own' : 'theirs', first && 'first', last && 'last', row.tick === 'failed' && 'failed')}>
      {first && !row.own ? <p class="who" dir="auto">{who}</p> : <span class="sr">{who}: </span>}
      <p class="bubble" dir="auto" title={exactTime(row.at, language)}>
        <Linked text={row.text} t={t} />
      </p>
      {row.tick === 'failed' ? (
        <Failed line={line} t={t} language={language} onRetry={onRetry} onDiscard={onDiscard} />
      ) : (
        last && (
          <p class="meta">
            <time dateTime={new Date(row.at).toISOString()}>{clockTime(row.at, language)}</time>
            {row.tick && <Tick tick={row.tick} live={live} written={line.newest} t={t} />}
          </p>
        )
      )}
    </li>
  );
}

const SHAPES = { sending: Clock, sent: Check, delivered: CheckCheck, read: CircleCheck } as const;

function Tick({ tick, live, written, t }: { tick: keyof typeof SHAPES; live: boolean; written: boolean; t: Translation }) {
  const word = t(tick === 'sending' && !live ? 'waiting' : tick);
  return (
    <span class={`tick ${tick}`}>
      <Icon icon={SHAPES[tick]} size={16} />
      <span class={written ? '' : 'sr'}>{word}</span>
    </span>
  );
}

function Failed({ line: { row }, t, language, onRetry, onDiscard }: Omit<Props, 'live'>) {
  const stale = row.pending?.state === 'stale';
  const reason = stale
    ? t('stale', { when: moment(row.at, Date.now(), language) })
    : t(row.pending?.code === 'text_too_long' ? 'tooLong' : 'failed');
  return (
    <div class="failure" role="group" aria-label={reason}>
      <p>
        <Icon icon={CircleAlert} size={16} />
        {reason}
      </p>
      <button type="button" class="text-button" onClick={() => onRetry(row.key)}>
        {t(stale ? 'sendNow' : 'retry')}
      </button>
      <button type="button" class="text-button quiet" onClick={() => onDiscard(row.key)}>
        {t('discard')}
      </button>
    </div>
  );
}

function Linked({ text, t }: { text: string; t: Translation }) {
  return (
    <>
      {linkify(text).map(({ text: piece, href }) => {
        if (href === null) return piece;
        // The site's own pages open here: the conversation goes along.
        const here = href.startsWith(`${location.origin}/`) || href.startsWith('mailto:');
        return (
          <a href={href} rel="noopener noreferrer" {...(here ? {} : { target: '_blank' })}>
            {piece}
            {!here && <span class="sr"> ({t('newTab')})</span>}
          </a>
        );
      })}
    </>
  );
}
