import { expect, it } from 'vitest';
import { MirrorLine, type LineState, type MirrorSocket } from '../src/look/line';

class WireEnd implements MirrorSocket {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Uint8Array[] = [];
  closed = false;
  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
  }
  close(): void {
    this.closed = true;
  }
}

function desk(tickets: (() => Promise<string>)[] = []) {
  const ends: WireEnd[] = [];
  const states: LineState[] = [];
  const frames: number[][] = [];
  const said: unknown[] = [];
  const waits: { ms: number; work: () => void }[] = [];
  const asked: string[] = [];
  const line = new MirrorLine({
    ticket: () => (tickets.shift() ?? (() => Promise.resolve(`ticket ${asked.length + 1}`)))(),
    isFinal: (error) => error instanceof Error && error.message === 'final',
    open: (ticket) => {
      asked.push(ticket);
      const end = new WireEnd();
      ends.push(end);
      return end;
    },
    state: (state) => states.push(state),
    frame: (frame) => frames.push([...frame]),
    said: (what) => said.push(what),
    after: (ms, work) => {
      waits.push({ ms, work });
      return () => undefined;
    },
    random: () => 1,
  });
  const settle = () => new Promise<void>((done) => setTimeout(done));
  const last = () => ends[ends.length - 1] as WireEnd;
  return { line, ends, states, frames, said, waits, asked, settle, last };
}

it('gives frames as bytes and the relay’s words as what they are', async () => {
  const it = desk();
  it.line.start();
  await it.settle();
  it.last().onopen?.();
  it.last().onmessage?.({ data: new Uint8Array([1, 2, 3]).buffer });
  it.last().onmessage?.({ data: '{"t":"gone"}' });
  it.last().onmessage?.({ data: 'no json' });
  expect([it.frames, it.said, it.states]).toEqual([[[1, 2, 3]], [{ t: 'gone' }], ['connecting', 'live']]);
  expect(it.last().binaryType).toBe('arraybuffer');
});

it('sends nothing later that was meant for now', async () => {
  const it = desk();
  it.line.start();
  await it.settle();
  expect(it.line.send(new Uint8Array([9]))).toBe(false);
  it.last().onopen?.();
  expect(it.line.send(new Uint8Array([7]))).toBe(true);
  expect(it.last().sent.map((one) => [...one])).toEqual([[7]]);
});

it('comes back with a fresh ticket, waits longer each time, and begins anew once it was heard', async () => {
  const it = desk();
  it.line.start();
  for (let round = 0; round < 4; round++) {
    await it.settle();
    it.last().onclose?.({ code: 1006 });
    it.waits[round]?.work();
  }
  await it.settle();
  expect(it.waits.map(({ ms }) => ms)).toEqual([300, 600, 1_200, 2_400]);
  expect(new Set(it.asked).size).toBe(5);
  it.last().onopen?.();
  it.last().onmessage?.({ data: '{"t":"back"}' });
  it.last().onclose?.({ code: 1012 });
  expect(it.waits[4]?.ms).toBe(300);
});

it('stays away when the desk says no: at the ticket, at the door, and after tickets that never hold', async () => {
  const ticket = desk([() => Promise.reject(new Error('network')), () => Promise.reject(new Error('final'))]);
  ticket.line.start();
  await ticket.settle();
  ticket.waits[0]?.work();
  await ticket.settle();
  expect(ticket.states.at(-1)).toBe('refused');

  const door = desk();
  door.line.start();
  await door.settle();
  door.last().onclose?.({ code: 4403 });
  expect([door.states.at(-1), door.waits.length]).toEqual(['refused', 0]);

  const spent = desk();
  spent.line.start();
  for (let round = 0; round < 4; round++) {
    await spent.settle();
    spent.last().onclose?.({ code: 4401 });
    spent.waits[round]?.work();
  }
  expect([spent.states.at(-1), spent.ends.length]).toEqual(['refused', 4]);
});

it('is quiet once it was stopped, also when a ticket is still on its way', async () => {
  const it = desk();
  it.line.start();
  it.line.stop();
  await it.settle();
  expect(it.ends).toEqual([]);
  const open = desk();
  open.line.start();
  await open.settle();
  open.last().onopen?.();
  open.line.stop();
  expect(open.last().closed).toBe(true);
  expect([open.last().onclose, open.line.send(new Uint8Array([1]))]).toEqual([null, false]);
});
