/** The coming weeks as the desk itself works them out of what stands in the form. */
import { useEffect, useState } from 'preact/hooks';
import type { CalendarPreview } from '@balie/protocol';
import { calendars as api, type CalendarFields } from '../../api/calendars';
import { language, t } from '../../text/index';
import { dateWords, slotWords } from './words';

const AFTER_MS = 300;

export function Preview({ fields }: { fields: CalendarFields }) {
  const words = t().hours;
  const [told, setTold] = useState<CalendarPreview | 'wrong' | null>(null);
  const about = JSON.stringify({ ...fields, name: '', version: 0 });
  const spoken = language.value;
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      api.preview({ ...fields, name: '-' }, spoken).then(
        (value) => !over && setTold(value),
        () => !over && setTold('wrong'),
      );
    }, AFTER_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [about, spoken]);
  if (!told) return null;
  return (
    <section class="settings-part" aria-label={words.preview}>
      <h4>{words.preview}</h4>
      {told === 'wrong' ? (
        <p class="field-help">{words.previewWrong}</p>
      ) : (
        <>
          <p class="hours-now">
            <span class="dot" data-on={told.hours.open} aria-hidden="true" />
            {told.hours.open ? words.openNow : words.shutNow}
          </p>
          <ol class="hours-ahead">
            {told.days.map((day) => (
              <li key={day.date} data-because={day.because}>
                <span>{dateWords(day.date)}</span>
                <span>{slotWords(day.slots) || words.closed}</span>
                {day.name && <span class="quiet">{day.name}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
