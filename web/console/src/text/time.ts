/** Time in the language of the screen, and how heavy a wait weighs. Takes `now`, reads no clock. */
import { clockTime, daySeparator, exactTime, listTime } from '@balie/ui';
import { language, t } from './index';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const clock = (at: number): string => clockTime(at, language.value);
export const exact = (at: number): string => exactTime(at, language.value);
export const day = (at: number, now: number): string => daySeparator(at, now, language.value);
export const inList = (at: number, now: number): string => listTime(at, now, language.value);

export const dateOf = (at: number): string => new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : language.value, { dateStyle: 'long' }).format(at);
export const shortly = (at: number): string => new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : language.value, { dateStyle: 'long', timeStyle: 'short' }).format(at);

/** How long something has lasted, in one or two figures. */
export function lasting(ms: number): string {
  const words = t().time;
  if (ms < MINUTE) return words.seconds;
  if (ms < HOUR) return words.minutes(Math.floor(ms / MINUTE));
  if (ms < DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    const hours = Math.floor(ms / HOUR);
    return minutes && hours < 6 ? words.hoursMinutes(hours, minutes) : words.hours(hours);
  }
  return words.days(Math.floor(ms / DAY));
}

/** Weight of a waiting time: it grows heavier before it grows redder. */
export function urgency(ms: number): 0 | 1 | 2 | 3 {
  if (ms < 2 * MINUTE) return 0;
  if (ms < 5 * MINUTE) return 1;
  return ms < 15 * MINUTE ? 2 : 3;
}
