/** When a closed desk opens again, as people say it. */
import type { Desk } from '@balie/protocol';
import type { Language } from '@balie/ui';
import type { Panel } from './panel';

const DAY_MS = 86_400_000;

/** The day and time of `at`, by the visitor's own clock: *today*, *tomorrow*, *Monday*, or the date. */
export function dayAndTime(at: number, now: number, language: Language): { day: string; time: string } {
  const ahead = Math.round((midnight(at) - midnight(now)) / DAY_MS);
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  if (ahead < 2) return { day: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(ahead, 'day'), time };
  const date = ahead < 7 ? {} : ({ day: 'numeric', month: 'long' } as const);
  return { day: new Intl.DateTimeFormat(language, { weekday: 'long', ...date }).format(at), time };
}

/** The same in one phrase: *tomorrow at 08:00*. */
export function moment({ t, language }: Pick<Panel, 't' | 'language'>, at: number): string {
  return t.value('moment', dayAndTime(at, Date.now(), language.value));
}

/** Whether it is outside the desk's hours; with `until`, when they are known to begin. */
export function shut(desk: Desk | undefined): { until: number | null } | null {
  const hours = desk?.hours;
  return hours && !hours.open ? { until: hours.until } : null;
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
