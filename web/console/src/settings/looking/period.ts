/** Whole days in the zone of this browser, as instants. Pure. */
export interface Period {
  /** UTC milliseconds; `to` is the first that no longer counts. */
  from: number;
  to: number;
}

/** As a date field holds it. */
export function dayText(day: Date): string {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

/** From the beginning of the one day to the end of the other; null when that is no period. */
export function periodOf(from: string, to: string): Period | null {
  const first = dayOf(from);
  const last = dayOf(to);
  if (!first || !last || first > last) return null;
  return { from: first.getTime(), to: new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1).getTime() };
}

function dayOf(text: string): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (!year) return null;
  const found = new Date(Number(year), Number(month) - 1, Number(day));
  return dayText(found) === text ? found : null;
}
