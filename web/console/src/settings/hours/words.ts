/** Hours in words: a week in one line, a day of the preview. */
import type { Slot } from '@balie/protocol';
import { language, t } from '../../text/index';

/** Days that are alike next to each other stand together: *Mon–Fri 08:00–21:00, Sat–Sun 11:00–20:00*. */
export function weekWords(week: readonly (readonly Slot[])[]): string {
  const runs: { first: number; last: number; slots: string }[] = [];
  week.forEach((slots, day) => {
    const told = slotWords(slots);
    const run = runs[runs.length - 1];
    if (run && run.slots === told && run.last === day - 1) run.last = day;
    else if (told) runs.push({ first: day, last: day, slots: told });
  });
  if (runs.length === 0) return t().hours.closed;
  return runs.map(({ first, last, slots }) => `${first === last ? shortDay(first) : `${shortDay(first)}–${shortDay(last)}`} ${slots}`).join(', ');
}

export function slotWords(slots: readonly Slot[]): string {
  return slots.map(({ start, end }) => `${start}–${end}`).join(' ');
}

/** `date` as `2026-12-24`: *Thu 24 Dec*. */
export function dateWords(date: string): string {
  return new Intl.DateTimeFormat(language.value, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${date}T00:00Z`));
}

function shortDay(day: number): string {
  // The fifth of January 1970 was a Monday.
  return new Intl.DateTimeFormat(language.value, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(1970, 0, 5 + day));
}
