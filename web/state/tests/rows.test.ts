import type { Fact } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { groupByDay, type LogView, type Pending, pendingOf, type Row, visibleLog, visitorView } from '../src/index';
import { factOf, message, NOOR, note, OMAR, opened, VISITOR } from './facts';

const LOG: Fact[] = [
  opened(),
  message(2, VISITOR, 'een'),
  message(3, VISITOR, 'twee'),
  message(4, VISITOR, 'drie'),
  note(5, 'intern'),
  factOf('conversation_assigned', 6, NOOR, { agent: NOOR }),
  message(7, NOOR, 'vier'),
];

const pending = (cid: string, more: Partial<Pending> = {}): Pending => ({
  cid,
  conversation: 'cnv_1',
  text: cid,
  note: false,
  at: 1,
  state: 'queued',
  code: null,
  ...more,
});

const ticks = (rows: Row[]): (string | null)[] => rows.flatMap((row) => (row.row === 'event' ? [] : [row.tick]));

describe('the visible log', () => {
  const visitor: LogView = { log: LOG, side: 'visitor', theirs: { delivered: 3, read: 2 } };

  it('ticks the own side only: sent, delivered, read', () => {
    expect(ticks(visibleLog(visitor, []))).toEqual(['read', 'delivered', 'sent', null, null]);
    expect(ticks(visibleLog({ ...visitor, side: 'desk' }, []))).toEqual([null, null, null, null, 'sent']);
  });

  it('shows what is pending after the log, each message once', () => {
    const rows = visibleLog(visitor, [
      pending('cid-4', { state: 'sent' }),
      pending('new', { state: 'sent' }),
      pending('newer'),
      pending('bad', { state: 'refused', code: 'text_too_long' }),
      pending('old', { state: 'stale' }),
      pending('aside', { note: true }),
    ]);
    expect(rows.slice(LOG.length).map((row) => (row.row === 'event' ? row : [row.row, row.key, row.tick, row.seq]))).toEqual([
      ['message', 'new', 'sent', null],
      ['message', 'newer', 'sending', null],
      ['message', 'bad', 'failed', null],
      ['message', 'old', 'failed', null],
      ['note', 'aside', 'sending', null],
    ]);
    expect(rows[LOG.length + 2]).toMatchObject({ pending: { code: 'text_too_long' }, own: true, actor: null });
  });

  it('keeps a row as it is while nothing of it changes', () => {
    const before = visibleLog(visitor, []);
    const after = visibleLog({ ...visitor, log: [...LOG, message(8, NOOR, 'vijf')], theirs: { delivered: 3, read: 3 } }, []);
    expect(after.map((row, n) => row === before[n])).toEqual([true, true, false, true, true, true, true, false]);
  });

  it('leaves facts out that are no lines', () => {
    const facts = [factOf('messages_read', 8, NOOR, { side: 'desk', upTo: 3, unread: 0 }), factOf('hidden', 9, NOOR, {})];
    expect(visibleLog({ ...visitor, log: facts }, [])).toEqual([]);
  });

  it('reads a visitor with or without a conversation', () => {
    expect(visitorView(null)).toEqual({ log: [], side: 'visitor', theirs: { delivered: 0, read: 0 } });
  });
});

it('picks the pending messages of a conversation', () => {
  const all = [pending('a'), pending('b', { conversation: null }), pending('c', { conversation: 'cnv_2' })];
  expect(pendingOf(all, 'cnv_1').map((it) => it.cid)).toEqual(['a']);
  expect(pendingOf(all, 'cnv_1', true).map((it) => it.cid)).toEqual(['a', 'b']);
  expect(pendingOf(all, null).map((it) => it.cid)).toEqual(['b']);
});

describe('days', () => {
  const at = (day: number, minute = 0): { at: number } => ({ at: Date.UTC(2025, 0, day, 12, minute) });
  const utcDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const log = [
    message(2, VISITOR, 'a', at(1)),
    message(3, VISITOR, 'b', at(1, 2)),
    message(4, NOOR, 'c', at(1, 3)),
    message(5, OMAR, 'd', at(1, 4)),
    message(6, OMAR, 'e', at(1, 20)),
    factOf('conversation_closed', 7, NOOR, {}, at(1, 21)),
    message(8, OMAR, 'f', at(1, 22)),
    message(9, OMAR, 'g', at(3)),
  ];
  const days = groupByDay(visibleLog({ log, side: 'desk', theirs: { delivered: 0, read: 0 } }, []), utcDay);

  it('group rows by the reader’s calendar', () => {
    expect(days.map((it) => [it.day, it.rows.length])).toEqual([['2025-01-01', 7], ['2025-01-03', 1]]);
  });

  it('count pending messages to the reader’s own run', () => {
    const view: LogView = { log: log.slice(0, 1), side: 'visitor', theirs: { delivered: 0, read: 0 } };
    const leads = (side: LogView['side'], me?: string): string[] => {
      const rows = visibleLog({ ...view, side, log: side === 'visitor' ? log.slice(0, 2) : log.slice(0, 3) }, [
        pending('p', { at: at(1, 5).at }),
        pending('q', { at: at(1, 6).at }),
      ]);
      return groupByDay(rows, utcDay, me).flatMap((day) => Array.from(day.leads));
    };
    expect(leads('visitor')).toEqual(['cid-2']);
    expect(leads('desk', NOOR.id)).toEqual(['cid-2', 'cid-4']);
    expect(leads('desk', OMAR.id)).toEqual(['cid-2', 'cid-4', 'p']);
  });

  it('mark where a run by one author starts', () => {
    expect(Array.from(days[0]?.leads ?? [])).toEqual(['cid-2', 'cid-4', 'cid-5', 'cid-6', '#7', 'cid-8']);
    expect(Array.from(days[1]?.leads ?? [])).toEqual(['cid-9']);
  });
});
