import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryOutbox, openOutbox, type OutboxStore } from '../src/index';
import { FakeAir, FakeClock, FakeDesk, FakeLocks, seeded, Tab } from './world';

let clock: FakeClock;
let desk: FakeDesk;

beforeEach(() => {
  clock = new FakeClock();
  desk = new FakeDesk(clock);
});

const started = async (options: ConstructorParameters<typeof Tab>[1] = {}): Promise<Tab> => {
  const tab = new Tab(desk, options);
  tab.link.start();
  await clock.pass(0);
  return tab;
};

const sends = (): string[] =>
  desk.all.flatMap((socket) => socket.heard.flatMap((frame) => (frame.t === 'send' ? [frame.d.text] : [])));

describe.each([
  ['in memory', (): OutboxStore => memoryOutbox()],
  ['in IndexedDB', (): OutboxStore => openOutbox(new IDBFactory())],
])('the outbox %s', (_name, open) => {
  it('shows a message at once, sends it, and lets it go when the log has it', async () => {
    const tab = await started({ storage: open() });
    tab.link.send({ text: 'hello' });
    expect(tab.pending).toMatchObject([{ text: 'hello', state: 'queued' }]);
    await clock.pass(10);
    expect(desk.texts()).toEqual(['hello']);
    expect(tab.pending).toEqual([]);
    expect(tab.shown()).toEqual(['hello']);
  });

  it('keeps what was typed without a line over a reload, in order', async () => {
    const storage = open();
    desk.up = false;
    const tab = await started({ storage });
    const texts = Array.from({ length: 10 }, (_, n) => `m${n}`);
    for (const text of texts) tab.link.send({ text });
    await clock.pass(10);
    tab.link.stop();
    const next = await started({ storage });
    expect(next.pending.map((it) => it.text)).toEqual(texts);
    desk.up = true;
    await clock.pass(2_000);
    expect(desk.texts()).toEqual(texts);
    expect(next.pending).toEqual([]);
    expect(await storage.all('vis_1')).toEqual([]);
  });

  it('sends while it stores, and keeps nothing when the desk was faster', async () => {
    const storage = open();
    const slow: OutboxStore = { ...storage, add: (entry) => stored.then(() => storage.add(entry)) };
    let store = (): void => undefined;
    const stored = new Promise<void>((resolve) => (store = resolve));
    const tab = await started({ storage: slow });
    for (const text of ['one', 'two']) tab.link.send({ text });
    await clock.pass(10);
    expect(desk.texts()).toEqual(['one', 'two']);
    expect(tab.pending).toEqual([]);
    store();
    await clock.pass(10);
    expect(tab.pending).toEqual([]);
    expect(await storage.all('vis_1')).toEqual([]);
  });

  it('sends nothing new before what an earlier page left', async () => {
    const storage = open();
    desk.up = false;
    const before = await started({ storage });
    before.link.send({ text: 'old' });
    await clock.pass(10);
    before.link.stop();
    desk.up = true;
    let read = (): void => undefined;
    const ready = new Promise<void>((resolve) => (read = resolve));
    const tab = await started({ storage: { ...storage, all: (scope) => ready.then(() => storage.all(scope)) } });
    tab.link.send({ text: 'new' });
    await clock.pass(100);
    read();
    await clock.pass(100);
    expect(desk.texts()).toEqual(['old', 'new']);
  });

  it('has at most four unacked', async () => {
    desk.holdAcks = true;
    const tab = await started({ storage: open() });
    for (let n = 0; n < 10; n += 1) tab.link.send({ text: `m${n}` });
    const store = desk.store.bind(desk);
    desk.store = () => 0;
    await clock.pass(100);
    expect(sends()).toEqual(['m0', 'm1', 'm2', 'm3']);
    desk.store = store;
    desk.holdAcks = false;
    desk.cut();
    await clock.pass(2_000);
    expect(desk.texts()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9']);
  });

  it('keeps a refused message visible until it is dismissed or retried, and goes on with the rest', async () => {
    desk.refuseText = 'bad';
    const tab = await started({ storage: open() });
    const bad = tab.link.send({ text: 'bad' });
    tab.link.send({ text: 'good' });
    await clock.pass(100);
    expect(desk.texts()).toEqual(['good']);
    expect(tab.pending).toMatchObject([{ cid: bad, state: 'refused', code: 'text_too_long' }]);
    desk.refuseText = null;
    tab.link.retry(bad);
    await clock.pass(100);
    expect(desk.texts()).toEqual(['good', 'bad']);
    expect(desk.cids.has(bad)).toBe(false);
    desk.refuseText = 'worse';
    const worse = tab.link.send({ text: 'worse' });
    await clock.pass(100);
    tab.link.dismiss(worse);
    expect(tab.pending).toEqual([]);
  });

  it('does not resend by itself what waited for more than a day', async () => {
    const storage = open();
    desk.up = false;
    const tab = await started({ storage });
    const cid = tab.link.send({ text: 'old' });
    await clock.pass(10);
    tab.link.stop();
    clock.sleep(25 * 60 * 60_000);
    desk.up = true;
    const next = await started({ storage });
    await clock.pass(5_000);
    next.link.send({ text: 'new' });
    await clock.pass(100);
    expect(desk.texts()).toEqual(['new']);
    expect(next.pending).toMatchObject([{ cid, state: 'stale' }]);
    next.link.retry(cid);
    await clock.pass(100);
    expect(desk.texts()).toEqual(['new', 'old']);
    expect(desk.cids.has(cid)).toBe(true);
  });

  it('shows an acked message as sent until its fact comes', async () => {
    const tab = await started({ storage: open() });
    const append = desk.append.bind(desk);
    desk.append = (what, kind) => {
      const [socket] = desk.sockets;
      if (socket) desk.sockets.delete(socket);
      const fact = append(what, kind);
      if (socket) desk.sockets.add(socket);
      return fact;
    };
    tab.link.send({ text: 'hello' });
    await clock.pass(10);
    expect(tab.pending).toMatchObject([{ text: 'hello', state: 'sent', conversation: 'cnv_1' }]);
    desk.cut();
    await clock.pass(1_000);
    expect(tab.pending).toEqual([]);
    expect(tab.shown()).toEqual(['hello']);
  });

  it.each([1, 2, 3, 4])('delivers each message once and in order whatever is cut or killed (run %i)', async (seed) => {
    const random = seeded(seed);
    const storage = open();
    const locks = new FakeLocks();
    const air = new FakeAir();
    let tab = await started({ storage, random, locks, air });
    const typed: string[] = [];
    for (let step = 0; step < 150; step += 1) {
      const dice = random();
      if (dice < 0.45) {
        const text = `m${typed.length}`;
        typed.push(text);
        tab.link.send({ text });
        if (random() < 0.5) await clock.pass(1);
      } else if (dice < 0.55) desk.cut([1006, 1012, 1013, 4408][Math.floor(random() * 4)]);
      else if (dice < 0.65) desk.crash = { frames: Math.floor(random() * 3), stored: random() < 0.5 };
      else if (dice < 0.7) desk.up = !desk.up;
      else if (dice < 0.75) desk.blackHole = !desk.blackHole;
      else if (dice < 0.8) {
        // The tab is closed; what was stored is what the next one finds.
        await clock.pass(1);
        tab.link.stop();
        tab = await started({ storage, random, locks, air });
      } else await clock.pass(Math.floor(random() * 8_000));
    }
    desk.up = true;
    desk.blackHole = false;
    desk.crash = null;
    await clock.pass(60_000);
    expect(desk.texts()).toEqual(typed);
    expect(tab.shown()).toEqual(typed);
    expect(tab.pending).toEqual([]);
    expect(desk.log.map((fact) => fact.seq)).toEqual(desk.log.map((_, n) => n + 1));
    tab.link.stop();
  });
});

describe('several tabs of one origin', () => {
  it('share one outbox: one of them sends, all show it, none shows it twice', async () => {
    const storage = memoryOutbox();
    const locks = new FakeLocks();
    const air = new FakeAir();
    const tabs = [await started({ storage, locks, air }), await started({ storage, locks, air })];
    for (let n = 0; n < 8; n += 1) tabs[n % 2]?.link.send({ text: `m${n}` });
    await clock.pass(100);
    expect([...sends()].sort()).toEqual([...desk.texts()].sort());
    expect(desk.texts().length).toBe(8);
    for (const tab of tabs) {
      expect(tab.shown()).toEqual(desk.texts());
      expect(tab.pending).toEqual([]);
    }
  });

  it('see what another tab typed without a line, and send it when that tab is gone', async () => {
    const storage = memoryOutbox();
    const locks = new FakeLocks();
    const air = new FakeAir();
    desk.up = false;
    const first = await started({ storage, locks, air });
    const second = await started({ storage, locks, air });
    first.link.send({ text: 'hello' });
    await clock.pass(10);
    expect(second.pending).toMatchObject([{ text: 'hello' }]);
    first.link.stop();
    desk.up = true;
    await clock.pass(2_000);
    expect(desk.texts()).toEqual(['hello']);
  });

  it('do not wait for ever for a frozen tab that holds the turn', async () => {
    const locks = new FakeLocks();
    void locks.request('balie-outbox-vis_1', { signal: new AbortController().signal }, () => new Promise(() => undefined));
    const tab = await started({ locks });
    tab.link.send({ text: 'hello' });
    await clock.pass(1_900);
    expect(desk.texts()).toEqual([]);
    await clock.pass(200);
    expect(desk.texts()).toEqual(['hello']);
  });

  it('let go of the turn when idle', async () => {
    const locks = new FakeLocks();
    const tab = await started({ locks });
    tab.link.send({ text: 'hello' });
    await clock.pass(100);
    expect(locks.holders).toBe(1);
    await clock.pass(5_000);
    expect(locks.holders).toBe(0);
  });
});

describe('storage that fails', () => {
  it('falls back to memory when the browser blocks it', async () => {
    const blocked = { open: () => { throw new DOMException('no', 'SecurityError'); } } as unknown as IDBFactory;
    for (const storage of [openOutbox(null), openOutbox(blocked)]) {
      const tab = await started({ storage });
      tab.link.send({ text: 'hello' });
      await clock.pass(50);
      expect(tab.pending).toEqual([]);
      tab.link.stop();
    }
    expect(desk.texts()).toEqual(['hello', 'hello']);
  });
});
