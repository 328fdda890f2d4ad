/** What a webhook sent, newest first, by state; dead letters can be sent again. */
import { ChevronRight, RotateCcw, Send } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { codeOf } from '../../api/http';
import { type Delivery, type DeliveryState, type Webhook, webhooks as api } from '../../api/webhooks';
import { notify } from '../../model/announce';
import { now } from '../../model/now';
import { Button } from '../../parts/Button';
import { Empty } from '../../parts/Empty';
import { Menu } from '../../parts/Menu';
import { t } from '../../text/index';
import { clock, exact, inList, lasting } from '../../text/time';
import { useFetched } from './fetched';
import { reasonText } from './reason';
import { StateShape } from './Shape';

const FILTERS = ['all', 'dead', 'due', 'sent'] as const;
type Filter = (typeof FILTERS)[number];
const DAY_MS = 24 * 3_600_000;
const LOOK_MS = 2_000;

interface LogProps {
  webhook: Webhook;
  round: number;
  onOpen: (id: string) => void;
  onChanged: () => void;
}

export function DeliveryLog({ webhook, round, onOpen, onChanged }: LogProps) {
  const words = t().webhooks.log;
  const [filter, setFilter] = useState<Filter>('all');
  const [older, setOlder] = useState<{ items: Delivery[]; next: number | null } | null>(null);
  const state: DeliveryState | null = filter === 'all' ? null : filter;
  const { value, failed, again } = useFetched(() => api.log(webhook.id, state, null), [webhook.id, filter, round], LOOK_MS);
  const counts = value?.counts ?? {};
  const items = value ? merged(value.items, older?.items ?? []) : null;
  const next = older ? older.next : (value?.next ?? null);

  const choose = (chosen: Filter) => {
    setOlder(null);
    setFilter(chosen);
  };
  const more = async () => {
    if (next === null) return;
    const page = await api.log(webhook.id, state, next).catch(() => null);
    if (page) setOlder({ items: merged(older?.items ?? [], page.items), next: page.next });
  };
  const replay = async (days: number) => {
    try {
      const { count } = await api.replayFailed(webhook.id, Date.now() - days * DAY_MS);
      notify(words.replayed(count));
      again();
      onChanged();
    } catch (error) {
      const known: Record<string, string> = t().webhooks.errors;
      notify(known[codeOf(error)] ?? t().settings.failed, null, 'bad');
    }
  };
  return (
    <section class="sent" aria-label={words.title}>
      <div class="sent-head">
        <h5>
          {words.title} <span class="quiet">{words.kept}</span>
        </h5>
        {(counts.dead ?? 0) > 0 && webhook.active && (
          <Menu
            label={words.replayAll}
            class="button button-plain"
            trigger={
              <>
                <Icon icon={RotateCcw} />
                {words.replayAll}
              </>
            }
            items={[
              { label: words.since.day, run: () => void replay(1) },
              { label: words.since.week, run: () => void replay(7) },
              { label: words.since.month, run: () => void replay(30) },
            ]}
          />
        )}
      </div>
      <div class="sent-filter" role="group" aria-label={words.filter}>
        {FILTERS.map((one) => (
          <button key={one} type="button" class="chip" aria-pressed={filter === one} onClick={() => choose(one)}>
            {words[one]} <span class="chip-count">{countOf(one, counts)}</span>
          </button>
        ))}
      </div>
      {failed && <p class="field-error">{words.failed}</p>}
      {items?.length === 0 && (filter === 'all' ? <Empty icon={Send} title={words.none} text={words.noneText} /> : <p class="quiet sent-none">{words.noneOf}</p>)}
      {items && items.length > 0 && (
        <ul class="cards">
          {items.map((one) => (
            <li key={one.id} class="hook">
              <button type="button" class="sent-open" onClick={() => onOpen(one.id)}>
                <StateShape state={one.state} again={one.attempts > 0} />
                <span class="sent-words">
                  <strong>{t().webhooks.events[one.topic]}</strong>
                  <span class="quiet">{under(one)}</span>
                </span>
                <time class="quiet" dateTime={new Date(one.createdAt).toISOString()} title={exact(one.createdAt)}>
                  {whenOf(one.createdAt)}
                </time>
                <Icon icon={ChevronRight} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {items && items.length > 0 && next !== null && (
        <Button kind="quiet" onClick={() => void more()}>
          {words.more}
        </Button>
      )}
    </section>
  );
}

function under(one: Delivery): string {
  const words = t().webhooks.log;
  const parts = [one.reason && reasonText(one.reason), one.attempts > 1 || one.reason ? words.attempts(one.attempts) : ''];
  if (one.state === 'due' && one.attempts > 0) parts.push(words.next(lasting(Math.max(0, one.dueAt - now.value))));
  return parts.filter(Boolean).join(' · ');
}

/** The time today; a day before that with its time, as people think of it. */
export function whenOf(at: number): string {
  const day = inList(at, now.value);
  return day === clock(at) ? day : `${day} ${clock(at)}`;
}

function countOf(filter: Filter, counts: Partial<Record<DeliveryState, number>>): number {
  if (filter !== 'all') return counts[filter] ?? 0;
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function merged(first: readonly Delivery[], second: readonly Delivery[]): Delivery[] {
  const all = new Map([...second, ...first].map((one) => [one.id, one]));
  return [...all.values()].sort((a, b) => b.number - a.number);
}
