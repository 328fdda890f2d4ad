/** When desks are open, as typed calls. */
import type { Calendar, CalendarPreview, Language } from '@balie/protocol';
import { ask } from './http';

export type CalendarFields = Omit<Calendar, 'id'>;

export const calendars = {
  list: () => ask<{ items: Calendar[] }>('GET', '/calendars'),
  add: (fields: CalendarFields) => ask<Calendar>('POST', '/calendars', fields),
  change: (id: string, fields: CalendarFields) => ask<Calendar>('PUT', `/calendars/${id}`, fields),
  remove: (id: string) => ask<undefined>('DELETE', `/calendars/${id}`),
  preview: (fields: CalendarFields, language: Language) => ask<CalendarPreview>('POST', '/calendars/preview', { ...fields, language }),
};
