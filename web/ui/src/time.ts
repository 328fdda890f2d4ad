import type { Language } from './language';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WORDS = {
  nl: { now: 'nu', today: 'vandaag', yesterday: 'gisteren', min: 'min', hour: 'u', day: 'd', s: 's' },
  en: { now: 'now', today: 'today', yesterday: 'yesterday', min: 'min', hour: 'h', day: 'd', s: 's' },
} as const;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions, at: number): string {
  const key = language + name;
  let it = formats.get(key);
  if (!it) {
    it = new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', options);
    formats.set(key, it);
  }
  return it.format(at);
}

/** How long ago or how long since, short: "nu", "2 min", "3 u", "4 d". */
export function ago(at: number, now: number, language: Language): string {
  const words = WORDS[language];
  const ms = Math.max(0, now - at);
  if (ms < MINUTE) return words.now;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} ${words.min}`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} ${words.hour}` : `${Math.floor(ms / DAY)} ${words.day}`;
}

/** A running clock for waiting times: "0:42", "12:05", "1:03:20". */
export function elapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(s / 60);
  return s < 3600
    ? `${minutes}:${two(s % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
}

/** The time of day: "14:02". */
export function clockTime(at: number, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at);
}

/** As people think of it: "14:02" today when `short`, else "vandaag 14:02", "gisteren 9:30", "ma 3 feb 14:02". */
export function moment(at: number, now: number, language: Language): string {
  return `${dayName(at, now, language)} ${clockTime(at, language)}`;
}

/** For list rows: "14:02" today, "gisteren", "ma 3 feb", with the year when it is another. */
export function listTime(at: number, now: number, language: Language): string {
  return daysBetween(at, now) === 0 ? clockTime(at, language) : dayName(at, now, language);
}

/** A day separator: "Vandaag", "Gisteren", "Maandag 3 februari". */
export function daySeparator(at: number, now: number, language: Language): string {
  const days = daysBetween(at, now);
  const name =
    days === 0 || days === 1
      ? WORDS[language][days === 0 ? 'today' : 'yesterday']
      : format(
          language,
          sameYear(at, now) ? 'long' : 'longYear',
          { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear(at, now) ? {} : { year: 'numeric' }) },
          at,
        );
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Exact, for tooltips: "maandag 3 februari 2025 om 14:02:07". */
export function exactTime(at: number, language: Language): string {
  return format(language, 'exact', { dateStyle: 'full', timeStyle: 'medium' }, at);
}

function dayName(at: number, now: number, language: Language): string {
  const days = daysBetween(at, now);
  if (days === 0) return WORDS[language].today;
  if (days === 1) return WORDS[language].yesterday;
  const year = sameYear(at, now) ? {} : ({ year: 'numeric' } as const);
  const name = sameYear(at, now) ? 'day' : 'dayYear';
  return format(language, name, { weekday: 'short', day: 'numeric', month: 'short', ...year }, at);
}

/** Whole calendar days from `at` to `now` in the reader's zone; a day with a clock change counts as one. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}
