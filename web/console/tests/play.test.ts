import { address as addressed, Class, Direction, Flag, seal, Type, write } from '@balie/cobrowse';
import type { RecordingPiece } from '@balie/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { DamagedError, framesOf } from '../src/play/frames';
import { momentsOf } from '../src/play/moments';
import { Player, type Screen } from '../src/play/player';
import { Reel } from '../src/play/reel';
import { timeSpoken, timeText } from '../src/play/times';
import { language } from '../src/text/index';

interface Shot {
  at: number;
  epoch: number;
  seq: number;
  address?: string;
  ends?: boolean;
  pointer?: boolean;
  quirks?: boolean;
  /** Of a portrait: for the recording alone. */
  portrait?: boolean;
}

function frameOf({ epoch, seq, address, ends, pointer, quirks = false, portrait = false }: Shot): Uint8Array {
  const flags = address !== undefined ? Flag.snapshot : ends ? Flag.snapshot | Flag.snapshotEnd : 0;
  const payload =
    address !== undefined
      ? write({ type: Type.snapshotBegin, width: 1280, height: 800, quirks, policy: '', address })
      : pointer
        ? write({ type: Type.pointer, x: seq, y: 0, touch: false })
        : write({ type: Type.page, address: `https://site.example/${epoch}/${seq}`, title: '' });
  const frame = seal({ class: pointer ? Class.droppable : Class.critical, direction: Direction.toAgent, flags, epoch, seq }, payload);
  return portrait ? addressed(frame, 7) : frame;
}

function pieceOf(shots: readonly Shot[]): Uint8Array {
  const parts = shots.map((one) => ({ at: one.at, frame: frameOf(one) }));
  const piece = new Uint8Array(parts.reduce((sum, { frame }) => sum + 8 + frame.length, 0));
  const view = new DataView(piece.buffer);
  let to = 0;
  for (const { at, frame } of parts) {
    view.setUint32(to, at, true);
    view.setUint32(to + 4, frame.length, true);
    piece.set(frame, to + 8);
    to += 8 + frame.length;
  }
  return piece;
}

/** What was drawn, as "epoch.seq"; `|` is a fresh copy, `q|` one for a page in quirks mode. */
class Paper implements Screen {
  drawn: string[] = [];
  fresh(quirks: boolean): void {
    this.drawn.push(quirks ? 'q|' : '|');
  }
  take(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset);
    this.drawn.push(`${view.getUint32(4)}.${view.getUint32(8)}`);
  }
  settled(): Promise<void> {
    return Promise.resolve();
  }
  /** And forgets. */
  read(): string {
    return this.drawn.splice(0).join(' ');
  }
}

class Gone extends Error {}

interface Given {
  shots?: readonly Shot[];
  bytes?: Uint8Array;
  error?: Error;
}

function reelOf(given: readonly Given[]): { reel: Reel; asked: number[]; found: [number, string][] } {
  const asked: number[] = [];
  const found: [number, string][] = [];
  const pieces = given.map(({ shots = [], bytes }, n): RecordingPiece => ({ n, from: shots[0]?.at ?? n * 5_000, to: shots[shots.length - 1]?.at ?? n * 5_000 + 4_900, bytes: bytes?.length ?? 1_000_000 }));
  const reel = new Reel({
    pieces,
    fetch: (n) => {
      asked.push(n);
      const { error, bytes, shots = [] } = given[n] ?? {};
      return error ? Promise.reject(error) : Promise.resolve(bytes ?? pieceOf(shots));
    },
    isLost: (error) => error instanceof Gone,
    found: (at, address) => found.push([at, address]),
  });
  return { reel, asked, found };
}

/** Two pages, in three pieces: the first at 0, the second at 7 s; the last piece only changes it. */
const WALK: readonly Given[] = [
  { shots: [{ at: 0, epoch: 1, seq: 1, address: 'https://site.example/a' }, { at: 200, epoch: 1, seq: 2, ends: true }, { at: 3_000, epoch: 1, seq: 3 }] },
  { shots: [{ at: 5_000, epoch: 1, seq: 4 }, { at: 7_000, epoch: 2, seq: 1, address: 'https://site.example/b' }, { at: 7_100, epoch: 2, seq: 2, ends: true }] },
  { shots: [{ at: 11_000, epoch: 2, seq: 3 }, { at: 12_000, epoch: 2, seq: 4 }] },
];

function playerOf(given: readonly Given[], duration = 12_500): { player: Player; paper: Paper; reel: Reel; asked: number[]; found: [number, string][] } {
  const { reel, asked, found } = reelOf(given);
  const paper = new Paper();
  return { player: new Player({ reel, screen: paper, duration }), paper, reel, asked, found };
}

let clock = 0;

/** Time goes on in steps of a tenth of a second, with the pieces that it asks for coming in. */
async function goOn(player: Player, ms: number): Promise<void> {
  player.tick(clock);
  for (const end = clock + ms; clock < end; ) {
    player.tick((clock += 100));
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}

beforeEach(() => void (language.value = 'en'));

describe('a piece of a recording', () => {
  it('is its frames in order, with the beginnings of pictures', () => {
    const frames = framesOf(pieceOf(WALK[1]?.shots ?? []));
    expect(frames.map(({ at, epoch, begins, ends }) => [at, epoch, begins?.address ?? null, ends])).toEqual([
      [5_000, 1, null, false],
      [7_000, 2, 'https://site.example/b', false],
      [7_100, 2, null, true],
    ]);
    expect(framesOf(new Uint8Array())).toEqual([]);
  });

  it('leaves out what went towards the visitor', () => {
    const frame = seal({ class: Class.critical, direction: Direction.toVisitor, flags: 0, epoch: 1, seq: 1 }, write({ type: Type.highlight, id: 4 }));
    const piece = new Uint8Array(8 + frame.length);
    new DataView(piece.buffer).setUint32(4, frame.length, true);
    piece.set(frame, 8);
    expect(framesOf(piece)).toEqual([]);
  });

  it.each([
    ['a head that is cut off', (piece: Uint8Array) => piece.subarray(0, 5)],
    ['a frame that is cut off', (piece: Uint8Array) => piece.subarray(0, piece.length - 1)],
    ['a frame of another protocol', (piece: Uint8Array) => piece.with(8, 9)],
    ['a length that leads out of the piece', (piece: Uint8Array) => piece.with(7, 255)],
    ['time that runs back', (piece: Uint8Array) => piece.with(3, 255)],
  ])('is damaged by %s', (_, harm) => {
    expect(() => framesOf(harm(pieceOf(WALK[0]?.shots ?? [])))).toThrow(DamagedError);
  });
});

describe('playing', () => {
  it('opens at the first whole picture, standing still', async () => {
    const { player, paper } = playerOf(WALK);
    await player.open();
    expect(paper.read()).toBe('| 1.1 1.2');
    expect([player.position.value, player.state.value]).toEqual([200, 'paused']);
    await goOn(player, 3_000);
    expect(paper.read()).toBe('');
    // Before it there is nothing to go back to.
    await player.seek(0);
    expect(player.position.value).toBe(200);
  });

  it('draws each frame when it is due, at the speed chosen, and ends', async () => {
    const { player, paper } = playerOf(WALK);
    player.skipsStill.value = false;
    await player.open();
    paper.read();
    player.play();
    await goOn(player, 2_700);
    expect(paper.read()).toBe('');
    await goOn(player, 200);
    expect(paper.read()).toBe('1.3');
    player.speed.value = 8;
    await goOn(player, 1_300);
    expect(paper.read()).toBe('1.4 2.1 2.2 2.3 2.4');
    expect([player.position.value, player.state.value]).toEqual([12_500, 'ended']);
    player.play();
    await goOn(player, 100);
    expect(paper.read()).toContain('| 1.1');
  });

  it('skips what stands still, but for its last moment', async () => {
    const { player, paper } = playerOf(WALK);
    await player.open();
    player.play();
    await goOn(player, 100);
    expect(player.position.value).toBe(2_500);
    await goOn(player, 5_300);
    // Twelve seconds in little more than five.
    expect(paper.read()).toContain('2.3');
  });

  it('waits for a piece that is late, and loses nothing of it', async () => {
    let come = (_: Uint8Array): void => undefined;
    const late = new Promise<Uint8Array>((resolve) => (come = resolve));
    const paper = new Paper();
    const pieces = WALK.map(({ shots = [] }, n) => ({ n, from: shots[0]?.at ?? 0, to: shots[shots.length - 1]?.at ?? 0, bytes: 100 }));
    const reel = new Reel({ pieces, fetch: (n) => (n === 1 ? late : Promise.resolve(pieceOf(WALK[n]?.shots ?? []))), isLost: () => false });
    const player = new Player({ reel, screen: paper, duration: 12_500 });
    await player.open();
    player.play();
    await goOn(player, 9_000);
    expect([player.position.value, player.waiting.value]).toEqual([5_000, true]);
    paper.read();
    come(pieceOf(WALK[1]?.shots ?? []));
    await goOn(player, 500);
    expect(paper.read()).toBe('1.4');
  });
});

describe('a jump', () => {
  it('starts from the last picture before it', async () => {
    const { player, paper } = playerOf(WALK);
    await player.seek(11_500);
    expect(paper.read()).toBe('| 2.1 2.2 2.3');
    expect(player.position.value).toBe(11_500);
  });

  it('back begins with a fresh copy, for a copy takes nothing older', async () => {
    const { player, paper } = playerOf(WALK);
    await player.seek(11_500);
    paper.read();
    await player.seek(3_500);
    expect(paper.read()).toBe('| 1.1 1.2 1.3');
  });

  it('ahead goes on from where it is, or takes the picture in between', async () => {
    const { player, paper } = playerOf(WALK);
    await player.seek(1_000);
    paper.read();
    await player.seek(5_500);
    expect(paper.read()).toBe('1.3 1.4');
    await player.seek(12_000);
    expect(paper.read()).toBe('2.1 2.2 2.3 2.4');
  });

  it('goes no further than the recording, and the newest counts', async () => {
    const { player, paper } = playerOf(WALK);
    await Promise.all([player.seek(3_500), player.seek(99_000), player.seek(-5)]);
    expect(player.position.value).toBe(0);
    expect(paper.read()).toBe('| 1.1');
  });

  it('draws only the end of the pointer’s way', async () => {
    const shots: Shot[] = [{ at: 0, epoch: 1, seq: 1, address: 'https://a.example/' }];
    for (let at = 100; at <= 4_000; at += 100) shots.push({ at, epoch: 1, seq: 1, pointer: true });
    const { player, paper } = playerOf([{ shots }]);
    await player.seek(3_000);
    expect(paper.read().split(' ')).toHaveLength(2 + 6);
  });

  it('starts from a portrait within an epoch, and a copy takes one of its own epoch', async () => {
    const shots: Shot[] = [
      { at: 0, epoch: 5, seq: 40 },
      { at: 50, epoch: 5, seq: 1, address: 'https://a.example/', portrait: true },
      { at: 60, epoch: 5, seq: 2, ends: true, portrait: true },
      { at: 900, epoch: 5, seq: 41 },
      { at: 2_000, epoch: 5, seq: 1, address: 'https://a.example/', portrait: true },
      { at: 2_010, epoch: 5, seq: 2, ends: true, portrait: true },
    ];
    const { player, paper } = playerOf([{ shots }]);
    await player.open();
    expect(paper.read()).toBe('| 5.1 5.2');
    await player.seek(2_500);
    expect(paper.read()).toBe('5.1 5.2');
    await player.seek(1_000);
    expect(paper.read()).toBe('5.1 5.2 5.41');
  });

  it('opens another kind of copy for a page in quirks mode', async () => {
    const { player, paper } = playerOf([{ shots: [{ at: 0, epoch: 1, seq: 1, address: 'https://a.example/' }, { at: 500, epoch: 2, seq: 1, address: 'https://b.example/', quirks: true }] }]);
    await player.seek(600);
    expect(paper.read()).toBe('q| 2.1');
    await player.seek(0);
    expect(paper.read()).toBe('| 1.1');
    await player.seek(600);
    expect(paper.read()).toBe('q| 2.1');
  });
});

describe('what is no longer whole', () => {
  it.each([
    ['removed', { error: new Gone() }, 'lost'],
    ['damaged', { bytes: new Uint8Array([1, 2, 3]) }, 'damaged'],
  ] as const)('a %s piece is told, and the picture comes back with the next one', async (_, piece, why) => {
    const { player, paper } = playerOf([WALK[0] ?? {}, piece, { shots: [{ at: 11_000, epoch: 2, seq: 3 }, { at: 12_000, epoch: 3, seq: 1, address: 'https://site.example/c' }] }]);
    await player.seek(6_000);
    expect(player.trouble.value).toEqual({ kind: 'hole', why });
    paper.read();
    // A change of a picture that was never seen is not drawn.
    await player.seek(11_500);
    expect([paper.read(), player.trouble.value]).toEqual(['', { kind: 'hole', why }]);
    player.play();
    await goOn(player, 1_000);
    expect([paper.read(), player.trouble.value]).toEqual(['| 3.1', null]);
  });

  it('a copy that could not go on waits for the next picture', async () => {
    const { player, paper } = playerOf(WALK);
    await player.seek(1_000);
    player.broke();
    expect(player.trouble.value).toEqual({ kind: 'hole', why: 'damaged' });
    paper.read();
    player.play();
    await goOn(player, 7_000);
    expect(paper.read()).not.toContain('1.3');
    expect(player.trouble.value).toBeNull();
  });

  it('a line that is down is no damage: it can be tried again', async () => {
    const given: Given[] = [{ error: new Error('network') }];
    const { player, paper } = playerOf(given);
    await player.open();
    expect(player.trouble.value).toEqual({ kind: 'failed' });
    given[0] = WALK[0] ?? {};
    player.play();
    await goOn(player, 500);
    expect(player.trouble.value).toBeNull();
    expect(paper.read()).toContain('| 1.1');
  });
});

describe('a long recording', () => {
  it('holds a few megabytes of it, however far one plays', async () => {
    const long = Array.from({ length: 60 }, (_, n): Given => ({ shots: [{ at: n * 5_000, epoch: n + 1, seq: 1, address: `https://site.example/${n % 3}` }, { at: n * 5_000 + 4_000, epoch: n + 1, seq: 2, ends: true }] }));
    const { player, reel, asked, found } = playerOf(long, 300_000);
    await player.seek(150_000);
    expect(asked).toEqual([30, 31]);
    player.speed.value = 8;
    player.play();
    await goOn(player, 9_000);
    expect(asked.length).toBeGreaterThan(12);
    expect(reel.size).toBeLessThanOrEqual(4 * 1_048_576);
    expect(found[0]).toEqual([154_000, 'https://site.example/0']);
  });
});

describe('moments', () => {
  it('are what the log says and the pages that were found, in order and within the recording', () => {
    const marks = [{ at: -20, kind: 'recording_started', label: '' }, { at: 4_000, kind: 'control_used', label: 'Show' }, { at: 4_500, kind: 'from_a_newer_desk', label: 'x' }];
    const pages = [{ at: 3_000, address: 'https://site.example/b' }, { at: 0, address: 'https://site.example/' }, { at: 5_000, address: 'https://site.example/b' }];
    expect(momentsOf(marks, pages, 10_000).map(({ at, kind, text }) => [at, kind, text])).toEqual([
      [0, 'page', 'Page site.example'],
      [0, 'other', 'Recording began'],
      [3_000, 'page', 'Page /b'],
      [4_000, 'control', 'Controlled: ‘Show’'],
      [4_500, 'other', 'Moment'],
    ]);
  });

  it('are told in figures and in words', () => {
    expect([0, 65_900, 3_729_000].map(timeText)).toEqual(['0:00', '1:05', '1:02:09']);
    expect([0, 61_000, 7_200_000].map(timeSpoken)).toEqual(['0 seconds', '1 minute 1 second', '2 hours']);
    language.value = 'nl';
    expect(timeSpoken(121_000)).toBe('2 minuten 1 seconde');
  });
});
