import { describe, expect, it } from 'vitest';
import { dayText, periodOf } from '../src/settings/looking/period';

describe('the period of a report', () => {
  it('runs from the beginning of the first day to the end of the last, also over a change of clocks', () => {
    const one = periodOf('2026-10-25', '2026-10-25');
    expect(one).toEqual({ from: new Date(2026, 9, 25).getTime(), to: new Date(2026, 9, 26).getTime() });
    expect(periodOf('2026-02-28', '2026-12-31')?.to).toBe(new Date(2027, 0, 1).getTime());
  });

  it.each([['2026-03-02', '2026-03-01'], ['', '2026-03-01'], ['2026-02-31', '2026-03-01'], ['1 maart', '2026-03-01']])('is none from %s to %s', (from, to) => {
    expect(periodOf(from, to)).toBeNull();
  });

  it('writes days as date fields do', () => {
    expect(dayText(new Date(2026, 0, 5))).toBe('2026-01-05');
  });
});
