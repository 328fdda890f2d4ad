import type { Row } from './rows';

/** The rows of one calendar day. `leads` holds the keys of rows that start a run by one author. */
export interface Day {
  /** As `dayOf` names it. */
  readonly day: string;
  /** The first row's time, to write the separator from. */
  readonly at: number;
  readonly rows: readonly Row[];
  readonly leads: ReadonlySet<string>;
}

const RUN_MS = 5 * 60_000;

/**
 * Rows by calendar day; `dayOf` names the day of a time in the reader's zone (see `localDay`). `me` is the actor id of
 * the reader, to whom pending messages belong; a visitor, alone on their side, may leave it out.
 */
export function groupByDay(rows: readonly Row[], dayOf: (at: number) => string = localDay, me?: string): Day[] {
  const days: { day: string; at: number; rows: Row[]; leads: Set<string> }[] = [];
  let before: Row | undefined;
  for (const row of rows) {
    const day = dayOf(row.at);
    let current = days[days.length - 1];
    if (current?.day !== day) {
      current = { day, at: row.at, rows: [], leads: new Set() };
      days.push(current);
      before = undefined;
    }
    current.rows.push(row);
    if (!continues(before, row, me)) current.leads.add(row.key);
    before = row;
  }
  return days;
}

/** The local calendar day as YYYY-MM-DD. */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function continues(before: Row | undefined, row: Row, me: string | undefined): boolean {
  if (before === undefined || before.row === 'event' || row.row === 'event') return false;
  const one = before.actor?.id ?? me;
  const other = row.actor?.id ?? me;
  const same = one === other || (before.own && row.own && (one === undefined || other === undefined));
  return before.row === row.row && same && row.at - before.at < RUN_MS;
}
