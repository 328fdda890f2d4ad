import { Problem } from '@balie/link';
import { CLOSE_TAKEN_OVER, type Look, type MirrorFrame } from '@balie/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Line, type LineOptions, type MirrorSocket } from '../src/mirror/line';
import type { Ticket } from '../src/shared/look-bridge';

class Clock {
  at = 1_000_000;
  private timers: { run: () => void; due: number }[] = [];

  now(): number {
    return this.at;
  }

  setTimeout(run: () => void, ms: number): object {
    const timer = { run, due: this.at + ms };
    this.timers.push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.timers = this.timers.filter((it) => it !== timer);
  }

  /** Lets time go by; promises that wait for nothing else are kept, too. */
  async pass(ms: number): Promise<void> {
    const end = this.at + ms;
    for (;;) {
      const next = this.timers.filter((it) => it.due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.at = Math.max(this.at, next.due);
      this.clearTimeout(next);
      next.run();
      await settled();
    }
    this.at = end;
    await settled();
  }
}

class Socket implements MirrorSocket {
  binaryType = '';
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: (string | Uint8Array)[] = [];
  closed = false;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  /** The relay took this socket in. */
  welcome(): void {
    this.onmessage?.({ data: JSON.stringify({ t: 'state', look: { state: 'viewing' } as Look } satisfies MirrorFrame) });
  }
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const ticketOf = (n: number): Ticket => ({ ticket: `t${n}`, epoch: n * 65_536, policy: {}, policyVersion: 0, policyHash: 'h', sisters: [] });
const frame = (...bytes: number[]) => Uint8Array.from(bytes);

describe('the line to the relay', () => {
  let clock: Clock;
  let sockets: Socket[];
  let said: string[];
  let tickets: () => Promise<Ticket>;
  let asked: number;
  let line: Line;

  const last = (): Socket => {
    const found = sockets[sockets.length - 1];
    if (!found) throw new Error('no socket yet');
    return found;
  };
  const options = (): LineOptions => ({
    url: 'wss://desk/v1/socket/mirror',
    clock,
    random: () => 0.5,
    socket: (url) => {
      sockets.push(new Socket(url));
      return last();
    },
    ticket: () => {
      asked += 1;
      return tickets();
    },
    onTicket: () => undefined,
    onState: (state) => said.push(state),
    onWord: ({ t }) => said.push(`word ${t}`),
    onFrame: (it) => said.push(`frame ${it.length}`),
    onOver: (why) => said.push(`over ${why}`),
  });

  beforeEach(() => {
    clock = new Clock();
    sockets = [];
    said = [];
    asked = 0;
    tickets = () => Promise.resolve(ticketOf(asked));
    line = new Line(options());
  });

  const begin = async (): Promise<void> => {
    line.start();
    await settled();
    last().welcome();
  };

  it('sends nothing of the page before the relay has said how things stand', async () => {
    line.start();
    await settled();
    line.frame(frame(1), true);
    line.frame(frame(2), false);
    expect(last().url).toBe('wss://desk/v1/socket/mirror?ticket=t1');
    expect(last().sent).toEqual([]);
    last().welcome();
    expect(last().sent).toEqual([frame(1)]);
    expect(said).toEqual(['connecting', 'up', 'word state']);
  });

  it('comes back after a cut, and sends what had to arrive, in order', async () => {
    await begin();
    line.frame(frame(1), true);
    last().onclose?.({ code: 1006 });
    line.frame(frame(2), true);
    line.frame(frame(9), false);
    line.frame(frame(3), true);
    expect(said[said.length - 1]).toBe('down');
    await clock.pass(1_000);
    expect(sockets).toHaveLength(2);
    last().welcome();
    expect(last().sent).toEqual([frame(2), frame(3)]);
    expect(line.buffered).toBe(0);
  });

  it('tells the recorder to wait when it was away too long or too much was told, and keeps no more than that', async () => {
    await begin();
    last().onclose?.({ code: 1006 });
    tickets = () => new Promise(() => undefined);
    line.frame(frame(1), true);
    expect(line.buffered).toBe(0);
    line.frame(new Uint8Array(300_000), true);
    expect(line.buffered).toBeGreaterThan(1_048_576);
    line.drop();
    expect(line.buffered).toBe(0);
    await clock.pass(9_000);
    expect(line.buffered).toBeGreaterThan(1_048_576);
  });

  it('gives a try up that hangs, and waits longer from one to the next', async () => {
    tickets = () => Promise.reject(new Problem(0, 'network'));
    line.start();
    await clock.pass(60_000);
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(300);
    const before = asked;
    tickets = () => new Promise(() => undefined);
    await clock.pass(30_000);
    expect(asked - before).toBeLessThanOrEqual(4);
  });

  it('does not come back when another tab took over, when the look is over, or when the ticket is no good three times', async () => {
    for (const [code, why] of [[CLOSE_TAKEN_OVER, 'taken_over'], [4403, 'refused'], [4400, 'recorder_failed']] as const) {
      line = new Line(options());
      await begin();
      said = [];
      last().onclose?.({ code });
      await clock.pass(120_000);
      expect(said).toEqual([`over ${why}`]);
    }
    line = new Line(options());
    line.start();
    await settled();
    for (let round = 0; round < 3; round++) {
      said = [];
      last().onclose?.({ code: 4401 });
      await clock.pass(2_000);
    }
    expect(said).toEqual(['over refused']);
  });

  it('takes a refused ticket for the end, and waits when the desk has too many', async () => {
    tickets = () => Promise.reject(new Problem(429, 'too_many'));
    line.start();
    await settled();
    await clock.pass(9_000);
    expect(asked).toBe(1);
    await clock.pass(10_000);
    expect(asked).toBe(2);
    tickets = () => Promise.reject(new Problem(409, 'look_ended'));
    await clock.pass(20_000);
    expect(said[said.length - 1]).toBe('over refused');
  });

  it('drops a ticket that comes after the end', async () => {
    let give: (it: Ticket) => void = () => undefined;
    tickets = () => new Promise((done) => (give = done));
    line.start();
    line.stop();
    give(ticketOf(1));
    await settled();
    expect(sockets).toEqual([]);
  });
});
