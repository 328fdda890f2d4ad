import { describe, expect, it } from 'vitest';
import { flawsOf, nextSlot, timeOf } from '../src/settings/hours/draft';
import { weekWords } from '../src/settings/hours/words';
import { language } from '../src/text/index';

const day = (...told: string[]) => told.map((one) => ({ start: one.slice(0, 5), end: one.slice(6) }));

describe('the next slot of a day', () => {
  it.each([
    [[], '08:00', '18:00'],
    [day('08:00-12:00'), '13:00', '15:00'],
    [day('08:00-21:30'), '22:30', '24:00'],
    [day('08:00-24:00'), '23:00', '24:00'],
  ])('%j', (slots, start, end) => {
    expect(nextSlot(slots)).toEqual({ start, end });
  });
});

it.each([
  ['8', 'start', '08:00'],
  ['8.30', 'start', '08:30'],
  ['0830', 'start', '08:30'],
  ['8u30', 'start', '08:30'],
  [' 20:00 ', 'end', '20:00'],
  ['0', 'start', '00:00'],
  ['0', 'end', '24:00'],
  ['24:00', 'end', '24:00'],
  ['morgen', 'end', 'morgen'],
  ['', 'start', ''],
] as const)('takes %j as a time (%s)', (typed, edge, time) => {
  expect(timeOf(typed, edge)).toBe(time);
});

it('tells a week in one line', () => {
  language.value = 'en';
  const long = day('08:00-21:00');
  const short = day('11:00-20:00');
  expect(weekWords([long, long, long, long, long, short, short])).toBe('Mon–Fri 08:00–21:00, Sat–Sun 11:00–20:00');
  expect(weekWords([long, [], long, [], [], [], []])).toBe('Mon 08:00–21:00, Wed 08:00–21:00');
  expect(weekWords([[], [], [], [], [], [], []])).toBe('Closed');
});

it('puts what the desk said at the slot or the day it is about', () => {
  const flaws = flawsOf([
    { pointer: '/week/0/1', detail: 'overlap' },
    { pointer: '/week/2/0/end', detail: 'end' },
    { pointer: '/specialDays/3/last', detail: 'last' },
  ]);
  expect([...flaws]).toEqual([
    ['/week/0/1', 'overlap'],
    ['/week/2/0', 'end'],
    ['/specialDays/3', 'last'],
  ]);
});
