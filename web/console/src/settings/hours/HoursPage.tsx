/** Opening hours: which inbox has which calendar, and the calendars themselves. */
import { Clock, Plus } from 'lucide';
import { useState } from 'preact/hooks';
import type { Calendar, Inbox } from '@balie/protocol';
import { Icon } from '@balie/ui';
import { calendars as api } from '../../api/calendars';
import { inboxes as inboxApi } from '../../api/calls';
import { notify } from '../../model/announce';
import { state } from '../../model/desk';
import { Button } from '../../parts/Button';
import { Empty } from '../../parts/Empty';
import { Field } from '../../parts/Field';
import { t } from '../../text/index';
import { useFetched } from '../webhooks/fetched';
import { CalendarForm } from './CalendarForm';
import { weekWords } from './words';

export function HoursPage() {
  const words = t().hours;
  const { value, failed, again } = useFetched(() => api.list(), []);
  const [open, setOpen] = useState<string | null>(null);
  const inboxes = state.value?.inboxes ?? [];
  if (failed) {
    return (
      <Empty icon={Clock} title={words.loadFailed} text={t().settings.failed}>
        <Button onClick={again}>{t().common.retry}</Button>
      </Empty>
    );
  }
  if (!value) return null;
  const done = () => {
    again();
    setOpen(null);
  };
  const chosen = value.items.find((one) => one.id === open) ?? null;
  if (open !== null) return <CalendarForm key={open} calendar={chosen} onDone={done} />;
  if (value.items.length === 0) {
    return (
      <Empty icon={Clock} title={words.empty} text={words.emptyText}>
        <Button kind="primary" icon={Plus} onClick={() => setOpen('')}>
          {words.add}
        </Button>
      </Empty>
    );
  }
  return (
    <>
      <div class="settings-bar">
        <p class="quiet">{words.lead}</p>
        <Button kind="primary" icon={Plus} onClick={() => setOpen('')}>
          {words.add}
        </Button>
      </div>
      <ul class="cards">
        {value.items.map((calendar) => (
          <li key={calendar.id} class="hook">
            <button type="button" class="hook-open" onClick={() => setOpen(calendar.id)}>
              <span class="hook-icon">
                <Icon icon={Clock} />
              </span>
              <span class="hook-words">
                <strong>{calendar.name}</strong>
                <span class="hours-week">{weekWords(calendar.week)}</span>
              </span>
              <span class="hook-side">
                <span class="quiet hours-users">{usersOf(calendar, inboxes)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <section class="form hours-inboxes">
        <h4>{words.inboxes}</h4>
        {inboxes.map((inbox) => (
          <Given key={inbox.id} inbox={inbox} calendars={value.items} />
        ))}
      </section>
    </>
  );
}

function Given({ inbox, calendars }: { inbox: Inbox; calendars: readonly Calendar[] }) {
  const words = t().hours;
  const give = async (select: HTMLSelectElement) => {
    try {
      await inboxApi.change(inbox.id, { calendar: select.value });
      notify(t().common.saved);
    } catch {
      select.value = inbox.calendar ?? '';
      notify(t().settings.failed, null, 'bad');
    }
  };
  return (
    <Field label={inbox.name}>
      {(ids) => (
        <select {...ids} value={inbox.calendar ?? ''} onChange={(event) => void give(event.currentTarget)}>
          <option value="">{words.always}</option>
          {calendars.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function usersOf(calendar: Calendar, inboxes: readonly Inbox[]): string {
  const words = t().hours;
  const names = inboxes.filter((one) => one.calendar === calendar.id).map((one) => one.name);
  return names.length > 0 ? words.usedBy(names.join(', ')) : words.unused;
}
