/** A calendar while it is edited: what fields hold, and back. */
import type { Calendar, Slot, SpecialDays } from '@balie/protocol';
import type { CalendarFields } from '../../api/calendars';

export const COUNTRIES = ['NL', 'BE', 'DE', 'FR', 'LU', 'GB'] as const;
const WORKDAY: Slot = { start: '08:00', end: '18:00' };

export function newCalendar(timeZone: string, name: string): CalendarFields {
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [WORKDAY] : []));
  return { version: 0, name, timeZone, week, holidays: 'NL', specialDays: [] };
}

export function fieldsOf({ version, name, timeZone, week, holidays, specialDays }: Calendar): CalendarFields {
  return { version, name, timeZone, week, holidays, specialDays };
}

/** The slot that is offered next: behind the last one, as long as the day lasts. */
export function nextSlot(slots: readonly Slot[]): Slot {
  const last = slots[slots.length - 1];
  if (!last) return WORKDAY;
  const start = last.end >= '23:00' ? '23:00' : plusHour(last.end);
  return { start, end: start >= '22:00' ? '24:00' : plusHour(plusHour(start)) };
}

export function newSpecial(today: string): SpecialDays {
  return { first: today, last: today, slots: [], name: '' };
}

/** What people type for a time (*8*, *8.30*, *0830*, *20:00*) as `HH:MM`; as it was typed when it is no time. A slot
 * that ends at *0* ends at midnight. */
export function timeOf(typed: string, edge: 'start' | 'end'): string {
  const [, hours = '', minutes = '0'] = /^(\d{1,2})(?:[:.hu]?(\d{2}))?$/.exec(typed.replaceAll(/\s/g, '')) ?? [];
  if (!hours) return typed;
  const time = `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`;
  return edge === 'end' && time === '00:00' ? '24:00' : time;
}

export function replaced<T>(list: readonly T[], at: number, next: T): T[] {
  return list.map((one, index) => (index === at ? next : one));
}

export function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, index) => index !== at);
}

/** What the server said of each field, by its JSON pointer; of a slot's two ends and the slot itself only the first. */
export function flawsOf(errors: readonly { pointer?: string; detail?: string }[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { pointer = '', detail = '' } of errors) {
    const field = pointer.replace(/\/(start|end|first|last)$/, '');
    if (!found.has(field)) found.set(field, detail);
  }
  return found;
}

function plusHour(time: string): string {
  const hour = Math.min(24, Number(time.slice(0, 2)) + 1);
  return hour === 24 ? '24:00' : `${String(hour).padStart(2, '0')}:${time.slice(3)}`;
}
