import { expect, it } from 'vitest';
import { ago, clockTime, daySeparator, elapsed, exactTime, listTime, moment } from '../src/time';

const at = (y: number, m: number, d: number, h = 0, min = 0, s = 0): number => new Date(y, m - 1, d, h, min, s).getTime();
const now = at(2025, 2, 5, 14, 30);

it('says how long ago', () => {
  expect(ago(now - 59_000, now, 'nl')).toBe('nu');
  expect(ago(now + 5_000, now, 'en')).toBe('now');
  expect(ago(now - 2 * 60_000, now, 'nl')).toBe('2 min');
  expect(ago(now - 3 * 3_600_000, now, 'nl')).toBe('3 u');
  expect(ago(now - 3 * 3_600_000, now, 'en')).toBe('3 h');
  expect(ago(now - 50 * 3_600_000, now, 'nl')).toBe('2 d');
});

it('counts a waiting time', () => {
  expect([-5, 0, 42_900, 725_000, 3_800_000].map(elapsed)).toEqual(['0:00', '0:00', '0:42', '12:05', '1:03:20']);
});

it('names a moment as people do', () => {
  expect(moment(at(2025, 2, 5, 9, 5), now, 'nl')).toBe('vandaag 09:05');
  expect(moment(at(2025, 2, 4, 23, 59), now, 'en')).toBe('yesterday 23:59');
  expect(moment(at(2025, 2, 3, 14, 2), now, 'nl')).toBe('ma 3 feb 14:02');
  expect(moment(at(2024, 12, 31, 14, 2), now, 'nl')).toBe('di 31 dec 2024 14:02');
  expect(listTime(at(2025, 2, 5, 9, 5), now, 'nl')).toBe('09:05');
  expect(listTime(at(2025, 2, 4, 9, 5), now, 'nl')).toBe('gisteren');
  expect(clockTime(at(2025, 2, 5, 0, 5), 'en')).toBe('00:05');
});

it('separates days', () => {
  expect(daySeparator(now, now, 'nl')).toBe('Vandaag');
  expect(daySeparator(at(2025, 2, 4), now, 'en')).toBe('Yesterday');
  expect(daySeparator(at(2025, 2, 3), now, 'nl')).toBe('Maandag 3 februari');
  expect(daySeparator(at(2024, 2, 3), now, 'en')).toMatch(/^Saturday,? 3 February 2024$/);
});

it('counts calendar days, also over a change of the clock', () => {
  expect(moment(at(2025, 3, 30, 0, 30), at(2025, 3, 31, 0, 10), 'nl')).toMatch(/^gisteren/);
  expect(moment(at(2025, 10, 26, 0, 30), at(2025, 10, 27, 0, 10), 'nl')).toMatch(/^gisteren/);
});

it('is exact in the tooltip', () => {
  expect(exactTime(at(2025, 2, 3, 14, 2, 7), 'nl')).toBe('maandag 3 februari 2025 om 14:02:07');
});
