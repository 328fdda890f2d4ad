import { describe, expect, it } from 'vitest';
import {
  address, Class, classOf, changed, deflate, difference, Digest, Direction, ENVELOPE_BYTES, Field, FRAME_LIMIT, inflate, Kind, Layer, open, OpsOut, OUTCOMES, ProtocolError, read, Reader, readOps, seal, StringsIn,
  StringsOut, Type, write, Writer, type Message, type Ops,
} from '../src/index';

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error);
  }
  return 'nothing thrown';
};

it('puts twelve bytes before a payload that a relay can read without it', () => {
  const frame = seal({ class: Class.droppable, direction: Direction.toVisitor, flags: 5, epoch: 0x01020304, seq: 0xfffffffe }, Uint8Array.of(9));
  expect([...frame]).toEqual([1, 2, 1, 5, 1, 2, 3, 4, 255, 255, 255, 254, 9]);
  expect(open(frame)).toEqual({ envelope: { class: 2, direction: 1, flags: 5, epoch: 0x01020304, seq: 0xfffffffe }, watcher: 0, payload: Uint8Array.of(9) });
  expect(code(() => open(frame.subarray(0, ENVELOPE_BYTES)))).toBe('short_frame');
  expect(code(() => open(new Uint8Array(FRAME_LIMIT + 1)))).toBe('long_frame');
  expect(code(() => open(Uint8Array.from(frame, (it, index) => (index === 0 ? 2 : it))))).toBe('version');
  expect(code(() => open(Uint8Array.from(frame, (it, index) => (index === 1 ? 3 : it))))).toBe('bad_envelope');
  expect(open(Uint8Array.from(frame, (it, index) => (index === 3 ? 31 : it))).envelope.flags).toBe(31);
  expect(code(() => open(Uint8Array.from(frame, (it, index) => (index === 3 ? 64 : it))))).toBe('bad_envelope');
  const one = address(frame, 0xfedcba98);
  expect([...one]).toEqual([1, 2, 1, 37, 1, 2, 3, 4, 255, 255, 255, 254, 0xfe, 0xdc, 0xba, 0x98, 9]);
  expect(open(one)).toEqual({ ...open(frame), watcher: 0xfedcba98 });
  expect(code(() => open(one.subarray(0, ENVELOPE_BYTES + 4)))).toBe('short_frame');
});

it('writes and reads numbers of every size and sign', () => {
  const to = new Writer();
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 0x7fffffff, 0xffffffff];
  const signed = [0, -1, 1, -64, 64, 0x3fffffff, -0x40000000];
  numbers.forEach((it) => to.number(it));
  signed.forEach((it) => to.signed(it));
  to.text('één ✓ 🙂');
  const from = new Reader(to.take());
  expect(numbers.map(() => from.number())).toEqual(numbers);
  expect(signed.map(() => from.signed())).toEqual(signed);
  expect(from.text()).toBe('één ✓ 🙂');
  expect(from.done).toBe(true);
  expect(code(() => new Reader(Uint8Array.of(255, 255, 255, 255, 255)).number())).toBe('number_too_large');
  expect(code(() => new Reader(Uint8Array.of(5, 1)).bytes())).toBe('truncated');
  expect(code(() => new Reader(Uint8Array.of(1, 255)).text())).toBe('bad_text');
});

const messages: Message[] = [
  { type: Type.snapshotBegin, width: 1280, height: 800, quirks: true, policy: 'ab', address: 'https://a.nl/' }, { type: Type.snapshotEnd, nodes: 50_000, at: 70_000 }, { type: Type.strings, texts: ['', 'één'] },
  { type: Type.scroll, id: 3, x: -5, y: 4000 }, { type: Type.pointer, x: 5, y: 6, touch: true }, { type: Type.viewport, width: 1, height: 2, scale: 150, x: -3, y: 4 },
  { type: Type.page, address: 'https://a.nl/b', title: 'T' }, { type: Type.focus, id: 0 }, { type: Type.digest, nodes: 4, value: 0xfedcba98 },
  { type: Type.sheetText, hash: 'h', last: false, text: 'a{}' }, { type: Type.state, state: 'paused_by_page' }, { type: Type.result, request: 9, outcome: 'covered' },
  { type: Type.pointAt, x: 1, y: -1 }, { type: Type.highlight, id: 8 }, { type: Type.draw, id: 8, points: [1, -2, 3, 4] }, { type: Type.scrollTo, request: 1, id: 2, seen: 3 },
  { type: Type.click, request: 1, id: 2, seen: 3 }, { type: Type.fill, request: 1, id: 2, seen: 3, text: 'x' }, { type: Type.select, request: 1, id: 2, seen: 3, index: 4 },
  { type: Type.propose, request: 1, address: '/tarieven?jaar=2026' }, { type: Type.ask, what: 'replay', seq: 12, hash: '' }, { type: Type.trouble, kind: 'form', count: 3, id: 12, fault: 'required', text: 'Vul dit in' },
];

describe('messages', () => {
  it.each(messages)('reads back what it wrote: type $type', (message) => {
    const bytes = write(message);
    expect(read(bytes)).toEqual(message);
    expect(code(() => read(Uint8Array.of(...bytes, 0)))).toBe('trailing_bytes');
    for (let length = 1; length < bytes.length; length++) expect(code(() => read(bytes.subarray(0, length)))).toMatch(/truncated|bad_text|bad_value/);
  });
  it('are all covered above', () => {
    expect(new Set(messages.map((it) => it.type)).size).toBe(Object.keys(Type).length - 1);
    expect(OUTCOMES.length).toBeLessThan(256);
    expect(code(() => read(Uint8Array.of(99)))).toBe('unknown_type');
  });
});

it('holds words of a trouble to 200 characters on both ends, and its kinds to the list', () => {
  const told = { type: Type.trouble, kind: 'script', count: 0xffffffff, id: 0, fault: 'other', text: '' } as const;
  const long = write({ ...told, text: 'é'.repeat(5_000) });
  expect(long.length).toBeLessThan(420);
  expect(read(long)).toEqual({ ...told, text: 'é'.repeat(200) });
  const forged = new Writer();
  for (const it of [Type.trouble, 2, 1, 0, 6]) forged.byte(it);
  forged.text('x'.repeat(9_000));
  expect(read(forged.take())).toEqual({ type: Type.trouble, kind: 'form', count: 1, id: 0, fault: 'message', text: 'x'.repeat(200) });
  expect(code(() => read(Uint8Array.of(Type.trouble, 3, 1, 0, 0, 0)))).toBe('bad_value');
  expect(code(() => read(Uint8Array.of(Type.trouble, 0, 1, 0, 7, 0)))).toBe('bad_value');
  expect(classOf(Type.trouble)).toBe(Class.critical);
});

it('plays back every step with the same arguments, across frames that share a string table', () => {
  type Call = [keyof Ops, ...unknown[]];
  const node = { kind: Kind.html, tag: 'p', attributes: ['class', 'lead'], text: '' };
  const calls: Call[] = [
    ['add', 1, -1, 2, [node, { kind: Kind.text, tag: '', attributes: [], text: 'Hallo' }, { kind: Kind.nothing, tag: '', attributes: [], text: '' }]],
    ['add', 2, 0, 5, [node]], ['remove', 5], ['move', 3, 2, 4], ['attributes', 2, [['class', null], ['lang', 'nl']]], ['text', 3, 'Hallo'], ['field', 2, Field.text, 'x'], ['box', 2, 300, 150],
    ['layer', 2, Layer.modal], ['media', 2, 3, 61], ['sheet', 1, 'hash', 'print', true], ['sheets', 1, [1, 2]], ['rules', 1, 0, 2, ['a{}', 'b{}']], ['canvas', 2, Uint8Array.of(1, 2)],
  ];
  const strings = new StringsOut();
  const known = new StringsIn();
  for (let round = 0; round < 2; round++) {
    const to = new Writer();
    const out = new OpsOut(to, strings);
    for (const [name, ...rest] of calls) (out[name] as (...them: unknown[]) => void)(...rest);
    const heard: Call[] = [];
    const sink = new Proxy({}, { get: (_, name: keyof Ops) => (...them: unknown[]) => void heard.push([name, ...them]) }) as Ops;
    readOps(new Reader(to.take()), known, sink);
    expect(heard).toEqual(calls);
  }
});

it('refuses a forged payload instead of running out of memory', () => {
  const sink = new Proxy({}, { get: () => () => undefined }) as Ops;
  const play = (...bytes: number[]): string => code(() => readOps(new Reader(Uint8Array.from(bytes)), new StringsIn(), sink));
  expect(play(1, 2, 0, 2, 255, 255, 255, 255, 15)).toBe('truncated');
  expect(play(99, 1)).toBe('unknown_step');
  expect(play(5, 1, 77)).toBe('unknown_string');
  expect(play(1, 2, 0, 2, 1, 9)).toBe('unknown_kind');
  expect(play(8, 1, 9)).toBe('bad_value');
});

it('survives ten thousand frames with one byte changed, with a named error or none', () => {
  const to = new Writer();
  const out = new OpsOut(to, new StringsOut());
  out.add(1, -1, 2, Array.from({ length: 20 }, (_, i) => ({ kind: Kind.html, tag: `p${i % 3}`, attributes: ['class', `c${i}`], text: '' })));
  out.rules(1, 0, 1, ['a{}', 'b{}']);
  const good = to.take();
  const sink = new Proxy({}, { get: () => () => undefined }) as Ops;
  let seed = 1;
  for (let i = 0; i < 10_000; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const bytes = good.slice();
    bytes[seed % bytes.length] = (seed >>> 8) & 255;
    expect(code(() => readOps(new Reader(bytes), new StringsIn(), sink))).toMatch(/^(?:nothing thrown|[a-z_]+)$/);
  }
});

it('inflates no further than its limit', async () => {
  const bomb = await deflate(new Uint8Array(10_000_000));
  expect(bomb.length).toBeLessThan(20_000);
  await expect(inflate(bomb, 1_000_000)).rejects.toMatchObject({ code: 'bomb' });
  await expect(inflate(Uint8Array.of(1, 2, 3, 4))).rejects.toMatchObject({ code: 'bad_deflate' });
  expect(await inflate(await deflate(Uint8Array.of(1, 2, 3)))).toEqual(Uint8Array.of(1, 2, 3));
});

it('finds the steps from one set of attributes to another, and both sides end alike', () => {
  const before = ['class', 'a', 'id', 'b', 'dir', 'ltr'];
  const after = ['id', 'c', 'class', 'a', 'lang', 'nl'];
  const steps = difference(before, after);
  expect(steps).toEqual([['id', 'c'], ['lang', 'nl'], ['dir', null]]);
  expect(changed(before, steps)).toEqual(['class', 'a', 'id', 'c', 'lang', 'nl']);
  expect(difference(after, after)).toEqual([]);
});

it('tells trees apart by content, order and shape', () => {
  const digest = (...steps: (number | null)[]): number => {
    const it = new Digest();
    for (const step of steps) {
      if (step === null) it.leave();
      else it.enter(step, step * 31);
    }
    return it.value;
  };
  const trees = [digest(1, 2, null, 3, null, null), digest(1, 3, null, 2, null, null), digest(1, 2, 3, null, null, null), digest(1, 2, null, null)];
  expect(new Set(trees).size).toBe(trees.length);
});
