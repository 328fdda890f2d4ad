import { afterEach, expect, it } from 'vitest';
import { en } from '../src/text/en';
import { language } from '../src/text/index';
import { nl } from '../src/text/nl';
import { day, lasting, urgency } from '../src/text/time';

const MINUTE = 60_000;
afterEach(() => (language.value = 'en'));

function sentences(table: object): string[] {
  return Object.values(table).flatMap((one: unknown) => (typeof one === 'string' ? [one] : typeof one === 'object' && one !== null ? sentences(one) : []));
}

it.each([['nl', nl], ['en', en]])('every sentence in %s says something and shouts nothing', (_, table) => {
  for (const sentence of sentences(table)) {
    expect(sentence.trim()).not.toBe('');
    expect(sentence).not.toMatch(/!|oeps|oops/i);
  }
});

it('says how long somebody waits as people do', () => {
  language.value = 'nl';
  expect([30_000, 2 * MINUTE, 80 * MINUTE, 7 * 60 * MINUTE, 50 * 60 * MINUTE].map(lasting)).toEqual(['< 1 min', '2 min', '1 u 20', '7 u', '2 d']);
});

it('lets a wait weigh more as it lasts', () => {
  expect([1, 3, 10, 20].map((minutes) => urgency(minutes * MINUTE))).toEqual([0, 1, 2, 3]);
});

it('names days in the language of the screen', () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  language.value = 'nl';
  expect(day(now, now)).toBe('Vandaag');
  language.value = 'en';
  expect(day(now - 24 * 60 * MINUTE, now)).toBe('Yesterday');
});
