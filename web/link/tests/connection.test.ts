import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../src/index';
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

const state = (): string => tab.link.status().state;

describe('a link', () => {
  it('gets a ticket, says hello and is live after the snapshot', () => {
    expect(state()).toBe('live');
    expect(tab.statuses.map((it) => it.state)).toEqual(['connecting', 'live']);
    expect(desk.socket.url).toBe('ws://desk/v1/socket/visitor?ticket=t1');
    expect(desk.socket.heard[0]).toEqual({ t: 'hello', d: { dev: 'tab', resume: '' } });
    expect(tab.resyncs).toEqual(['first']);
  });

  it('resumes from its cursor and shows what it missed, once', async () => {
    desk.store('c1', 'one', 'agent');
    await clock.pass(0);
    desk.cut();
    desk.store('c2', 'two', 'agent');
    await clock.pass(1_000);
    expect(state()).toBe('live');
    expect(desk.socket.heard[0]).toEqual({ t: 'hello', d: { dev: 'tab', resume: '', epoch: 'e1', streams: { cnv_1: 2 } } });
    expect(tab.resyncs).toEqual(['first']);
    expect(tab.shown()).toEqual(['one', 'two']);
  });

  it('takes a snapshot when the desk has another history', async () => {
    desk.store('c1', 'one', 'agent');
    desk.epoch = 'e2';
    desk.cut();
    await clock.pass(1_000);
    expect(tab.resyncs).toEqual(['first', 'epoch']);
    desk.cut();
    await clock.pass(1_000);
    expect(desk.socket.heard[0]).toMatchObject({ d: { epoch: 'e2' } });
  });

  it('fetches what is missing after a gap', async () => {
    desk.store('c1', 'one', 'agent');
    const [socket] = desk.sockets;
    if (socket) desk.sockets.delete(socket);
    desk.store('c2', 'two', 'agent');
    if (socket) desk.sockets.add(socket);
    desk.store('c3', 'three', 'agent');
    await clock.pass(1_000);
    expect(tab.shown()).toEqual(['one', 'two', 'three']);
    expect(tab.resyncs).toEqual(['first']);
  });

  it('asks for a snapshot when the same gap comes twice', async () => {
    desk.store('c1', 'one', 'agent');
    desk.log.push(...desk.log.splice(0));
    const lost = { ...desk.log[1], seq: 9 } as (typeof desk.log)[0];
    desk.log.push(lost);
    for (const socket of desk.sockets) socket.tell({ t: 'fact', d: lost });
    await clock.pass(0);
    desk.log.length = 2;
    desk.log.push(lost);
    await clock.pass(300);
    desk.log.length = 2;
    await clock.pass(1_000);
    expect(tab.resyncs.length).toBe(2);
    expect(state()).toBe('live');
  });

  it('pings after 20 s of quiet and gives a silent line up after 10 s more', async () => {
    await clock.pass(20_000);
    expect(desk.socket.heard.at(-1)).toEqual({ t: 'ping', d: {} });
    await clock.pass(15_000);
    expect(state()).toBe('live');
    desk.answers = false;
    const before = desk.all.length;
    await clock.pass(14_000);
    expect(desk.all.length).toBe(before);
    await clock.pass(3_000);
    expect(desk.all.length).toBe(before + 1);
  });

  it('does not ping while there is traffic', async () => {
    for (let n = 0; n < 10; n += 1) {
      await clock.pass(15_000);
      desk.store(`c${n}`, 'hello', 'agent');
    }
    expect(desk.socket.heard.filter((it) => it.t === 'ping')).toEqual([]);
  });

  it('notices a sleep by a late timer and leaves a dead line within 3 s', async () => {
    desk.sockets.clear();
    clock.sleep(60_000);
    await clock.pass(1);
    const before = desk.all.length;
    await clock.pass(2_900);
    expect(desk.all.length).toBe(before);
    await clock.pass(400);
    expect(desk.all.length).toBe(before + 1);
    expect(state()).toBe('live');
  });

  it('keeps a line that survived the sleep', async () => {
    clock.sleep(60_000);
    await clock.pass(10_000);
    expect(desk.all.length).toBe(1);
    expect(desk.socket.heard.at(-1)?.t).toBe('ping');
  });

  it('waits with full jitter that doubles up to 15 s', async () => {
    desk.up = false;
    desk.cut();
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const status = tab.link.status();
      if (status.state !== 'waiting') throw new Error(status.state);
      waits.push(status.until - clock.now());
      await clock.pass(status.until - clock.now());
    }
    expect(waits).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
  });

  it('comes back soon while a typed message waits to go out', async () => {
    desk.up = false;
    desk.cut();
    tab.link.send({ text: 'hello' });
    await clock.pass(20_000);
    const status = tab.link.status();
    if (status.state !== 'waiting') throw new Error(status.state);
    expect(status.until - clock.now()).toBeLessThanOrEqual(800);
  });

  it('connects at once when the network or the tab is back', async () => {
    for (const event of ['online', 'visible'] as const) {
      desk.up = false;
      desk.cut();
      tab.happens('offline');
      await clock.pass(30_000);
      expect(state()).toBe('offline');
      desk.up = true;
      tab.happens(event);
      await clock.pass(0);
      expect(state()).toBe('live');
    }
  });

  it('asks whether the line is alive when the network changes', async () => {
    desk.blackHole = true;
    tab.happens('offline');
    await clock.pass(2_900);
    expect(state()).toBe('live');
    await clock.pass(100);
    expect(state()).not.toBe('live');
  });

  it('gives up a try that hangs', async () => {
    desk.cut();
    desk.blackHole = true;
    await clock.pass(10_200);
    desk.blackHole = false;
    await clock.pass(10_000);
    expect(state()).toBe('live');
  });

  it('comes back at the moment the desk named, not earlier', async () => {
    desk.socket.tell({ t: 'reconnect', d: { afterMs: 4_000, spreadMs: 2_000 } });
    await clock.pass(0);
    desk.cut(1012);
    tab.happens('online');
    await clock.pass(4_900);
    expect(state()).toBe('waiting');
    await clock.pass(100);
    expect(state()).toBe('live');
  });

  it('comes back with what the desk gave it, without a call over HTTP', async () => {
    desk.give('r1');
    await clock.pass(0);
    desk.cut();
    await clock.pass(1_000);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(1);
    expect(desk.socket.url).toBe('ws://desk/v1/socket/visitor');
    expect(desk.socket.heard[0]).toMatchObject({ t: 'hello', d: { resume: 'r1', epoch: 'e1' } });
    desk.cut();
    await clock.pass(1_000);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(2);
  });

  it('keeps it while the desk does not answer, and shows it once only', async () => {
    desk.give('r1');
    await clock.pass(0);
    desk.up = false;
    desk.cut();
    await clock.pass(10_000);
    expect(desk.tickets).toBe(1);
    desk.up = true;
    desk.refused.add('r1');
    await clock.pass(5_000);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(2);
    expect(desk.socket.heard[0]).toMatchObject({ d: { resume: '' } });
  });

  it('does not count a resume ticket that is refused as a refusal of the sign-in', async () => {
    for (let n = 0; n < 4; n += 1) {
      desk.give(`r${n}`);
      desk.refused.add(`r${n}`);
      await clock.pass(0);
      desk.cut();
      await clock.pass(3_000);
      expect(state()).toBe('live');
    }
  });

  it('fetches a ticket when the one it was given is too old', async () => {
    desk.give('r1', 5_000);
    await clock.pass(6_000);
    desk.cut();
    await clock.pass(1_000);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(2);
    expect(desk.all.at(-1)?.url).toContain('?ticket=t2');
  });

  it('forgets it when stopped', async () => {
    desk.give('r1');
    await clock.pass(0);
    tab.link.stop();
    tab.link.start();
    await clock.pass(0);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(2);
  });

  it('waits no longer between its tries than the desk wants its crowd to, for as long as a restart takes', async () => {
    desk.give('r1', 900_000, 1_500);
    await clock.pass(0);
    desk.up = false;
    desk.cut();
    const waits: number[] = [];
    while (waits.length < 32) {
      const status = tab.link.status();
      if (status.state !== 'waiting') throw new Error(status.state);
      waits.push(status.until - clock.now());
      await clock.pass(status.until - clock.now());
    }
    expect(waits.slice(0, 6)).toEqual([125, 250, 500, 750, 750, 750]);
    expect(Math.max(...waits.slice(0, 20))).toBe(750);
    expect(waits.at(-1)).toBe(7_500);
  });

  it('spreads its return after a restart without a moment as the desk said before', async () => {
    desk.give('r1', 900_000, 6_000);
    await clock.pass(0);
    desk.cut(1012);
    const status = tab.link.status();
    if (status.state !== 'waiting') throw new Error(status.state);
    expect(status.until - clock.now()).toBe(3_000);
  });

  it('leaves by itself at the moment the desk named', async () => {
    desk.socket.tell({ t: 'reconnect', d: { afterMs: 1_000, spreadMs: 0 } });
    await clock.pass(1_000);
    expect(desk.all.length).toBe(2);
    expect(state()).toBe('live');
  });

  it.each([
    [4400, 'bad_frame'],
    [4403, 'no_right'],
  ])('stops on close code %i and reports %s', async (code, reason) => {
    desk.cut(code);
    await clock.pass(600_000);
    expect(tab.link.status()).toEqual({ state: 'stopped', reason });
    expect(desk.all.length).toBe(1);
  });

  it('fetches a new ticket when not signed in, and stops after three refusals', async () => {
    desk.cut(4401);
    await clock.pass(1_000);
    expect(state()).toBe('live');
    expect(desk.tickets).toBe(2);
    const refuse = desk.receive.bind(desk);
    desk.receive = (socket, frame) => (frame.t === 'hello' ? desk.cut(4401) : refuse(socket, frame));
    desk.cut(4401);
    await clock.pass(10_000);
    expect(tab.link.status()).toEqual({ state: 'stopped', reason: 'not_signed_in' });
    expect(desk.tickets).toBe(4);
  });

  it('stays away for long after too many', async () => {
    desk.cut(4429);
    tab.happens('online');
    await clock.pass(44_000);
    expect(desk.all.length).toBe(1);
    await clock.pass(2_000);
    expect(state()).toBe('live');
  });

  it('does not hammer a desk that lets it in and throws it out', async () => {
    for (let n = 0; n < 60; n += 1) {
      desk.cut(1013);
      await clock.pass(1_000);
    }
    expect(desk.all.length).toBeLessThan(20);
  });

  it.each([
    [401, 'not_signed_in'],
    [403, 'no_right'],
  ])('stops when a ticket is refused with %i', async (status, reason) => {
    desk.ticketError = new Problem(status, 'no');
    desk.cut();
    await clock.pass(1_000);
    expect(tab.link.status()).toEqual({ state: 'stopped', reason });
  });

  it('tries again when a ticket fails otherwise, and obeys Retry-After', async () => {
    desk.ticketError = new Problem(429, 'too_many', '', [], 60);
    desk.cut();
    await clock.pass(60_000);
    expect(desk.tickets).toBe(2);
    desk.ticketError = new Problem(0, 'network');
    await clock.pass(60_000);
    expect(desk.tickets).toBeGreaterThan(3);
    desk.ticketError = null;
    await clock.pass(15_000);
    expect(state()).toBe('live');
  });

  it('stops when asked, and starts again', async () => {
    tab.link.stop();
    expect(desk.sockets.size).toBe(0);
    await clock.pass(100_000);
    expect(desk.all.length).toBe(1);
    tab.link.start();
    await clock.pass(0);
    expect(state()).toBe('live');
  });

  it('ignores frames it does not know', async () => {
    const [socket] = desk.sockets;
    socket?.onmessage?.({ data: '{"t":"new","d":{}}' });
    socket?.onmessage?.({ data: 'nonsense' });
    socket?.onmessage?.({ data: new ArrayBuffer(1) });
    await clock.pass(100);
    expect(state()).toBe('live');
  });
});
