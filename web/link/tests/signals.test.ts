import { beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '../src/index';
import { FakeClock, FakeDesk, Tab } from './world';

let clock: FakeClock;
let desk: FakeDesk;
let tab: Tab;

beforeEach(async () => {
  clock = new FakeClock();
  desk = new FakeDesk(clock);
  tab = new Tab(desk);
  tab.link.start();
  await clock.pass(0);
});

const heard = (t: string): unknown[] => desk.all.flatMap((it) => it.heard.filter((frame) => frame.t === t).map((frame) => frame.d));

describe('read marks', () => {
  it('become one frame and never go back', async () => {
    tab.link.read('cnv_1', 1, 'delivered');
    tab.link.read('cnv_1', 2, 'read');
    tab.link.read('cnv_1', 4, 'read');
    tab.link.read('cnv_1', 3, 'read');
    await clock.pass(199);
    expect(heard('read')).toEqual([]);
    await clock.pass(1);
    expect(heard('read')).toEqual([{ conversation: 'cnv_1', upTo: 4, level: 'read' }]);
    tab.link.read('cnv_1', 5, 'delivered');
    tab.link.read('cnv_2', 1, 'delivered');
    await clock.pass(200);
    expect(heard('read').slice(1)).toEqual([
      { conversation: 'cnv_1', upTo: 5, level: 'delivered' },
      { conversation: 'cnv_2', upTo: 1, level: 'delivered' },
    ]);
  });

  it('are repeated on a new line until the log confirms them', async () => {
    desk.store('c1', 'one', 'agent');
    tab.link.read('cnv_1', 2, 'read');
    await clock.pass(200);
    desk.cut();
    await clock.pass(1_000);
    expect(heard('read').length).toBe(2);
    desk.append({ kind: 'messages_read', body: { side: 'visitor', upTo: 2, unread: 0 } }, 'contact');
    await clock.pass(0);
    desk.cut();
    await clock.pass(1_000);
    tab.link.read('cnv_1', 2, 'read');
    await clock.pass(1_000);
    expect(heard('read').length).toBe(2);
  });
});

describe('typing', () => {
  it('says on at most each 3 s, and off when it stops', async () => {
    for (let n = 0; n < 40; n += 1) {
      tab.link.typing('cnv_1', true);
      await clock.pass(100);
    }
    expect(heard('signal')).toEqual([
      { kind: 'typing', conversation: 'cnv_1', on: true },
      { kind: 'typing', conversation: 'cnv_1', on: true },
    ]);
    tab.link.typing('cnv_1', false);
    tab.link.typing('cnv_1', false);
    await clock.pass(0);
    expect(heard('signal').length).toBe(3);
    expect(heard('signal').at(-1)).toMatchObject({ on: false });
  });

  it('says off after a pause', async () => {
    tab.link.typing('cnv_1', true);
    await clock.pass(5_000);
    expect(heard('signal').map((it) => (it as { on: boolean }).on)).toEqual([true, false]);
  });

  it('ends with the message, without a word', async () => {
    tab.link.typing('cnv_1', true);
    tab.link.send({ text: 'hello' });
    await clock.pass(10_000);
    expect(heard('signal').length).toBe(1);
  });
});

describe('signals', () => {
  it('are dropped while there is no line', async () => {
    const page = { kind: 'page', visit: 'v', url: 'https://example.nl/', title: '' } as const;
    expect(tab.link.signal(page)).toBe(true);
    await clock.pass(0);
    desk.up = false;
    desk.cut();
    expect(tab.link.signal(page)).toBe(false);
    expect(heard('signal')).toEqual([page]);
  });
});

describe('uuidv7', () => {
  it('has the form, is unique and sorts by time', () => {
    const early = uuidv7(1_000);
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < uuidv7(1_001)).toBe(true);
    expect(uuidv7(2 ** 47).slice(0, 13)).toBe('80000000-0000');
    expect(new Set(Array.from({ length: 1_000 }, () => uuidv7())).size).toBe(1_000);
  });
});
