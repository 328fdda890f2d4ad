import { describe, expect, it } from 'vitest';
import { dayAndTime, shut } from '../src/panel/hours';

// The tests' own time zone is the visitor's: both ends are made in it.
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();

describe('when a closed desk opens again', () => {
  it.each([
    ['later today', at(23, 7), at(23, 8), 'vandaag', '08:00'],
    ['tomorrow', at(23, 23, 59), at(24, 8), 'morgen', '08:00'],
    ['within a week', at(23, 21), at(28, 11), 'zaterdag', '11:00'],
    ['a week and later', at(23, 21), at(30, 8), 'maandag 30 november', '08:00'],
    ['midnight', at(23, 21), at(25, 0), 'woensdag', '00:00'],
  ])('%s', (_, now, then, day, time) => {
    expect(dayAndTime(then, now, 'nl')).toEqual({ day, time });
  });

  it('speaks English too', () => {
    expect(dayAndTime(at(24, 8), at(23, 21), 'en')).toEqual({ day: 'tomorrow', time: '08:00' });
    expect(dayAndTime(at(30, 20, 30), at(23, 21), 'en')).toEqual({ day: 'Monday, November 30', time: '20:30' });
  });
});

describe('shut', () => {
  it('is a desk outside its hours, and no other', () => {
    expect(shut({ status: 'away', name: '', hours: { open: false, until: 5 } })).toEqual({ until: 5 });
    expect(shut({ status: 'away', name: '', hours: { open: true, until: 5 } })).toBeNull();
    expect(shut({ status: 'away', name: '', hours: null })).toBeNull();
    expect(shut(undefined)).toBeNull();
  });
});
