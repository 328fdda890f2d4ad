/** The pieces of a recording, fetched when they are needed and held while they are near: a few megabytes, however long it is. */
import type { RecordingPiece } from '@balie/protocol';
import { DamagedError, framesOf, type Recorded } from './frames';

/** `why`: nothing of this piece can be shown. */
export interface Stretch {
  n: number;
  frames: readonly Recorded[];
  why: 'lost' | 'damaged' | null;
}

export interface ReelOptions {
  pieces: readonly RecordingPiece[];
  fetch(n: number): Promise<Uint8Array>;
  /** The desk no longer has it: no use in trying again. */
  isLost(error: unknown): boolean;
  /** A picture of another page begins here. */
  found?(at: number, address: string): void;
}

/** Room for what is played and what comes next, in bytes. */
const ROOM = 4 * 1_048_576;

export class Reel {
  readonly pieces: readonly RecordingPiece[];
  private readonly options: ReelOptions;
  /** By use: the oldest goes first. */
  private readonly kept = new Map<number, Stretch>();
  private readonly coming = new Map<number, Promise<Stretch>>();

  constructor(options: ReelOptions) {
    this.options = options;
    this.pieces = [...options.pieces].sort((a, b) => a.n - b.n);
  }

  get count(): number {
    return this.pieces.length;
  }

  /** Bytes that are held. */
  get size(): number {
    return [...this.kept.keys()].reduce((sum, index) => sum + (this.pieces[index]?.bytes ?? 0), 0);
  }

  /** The last piece that begins at or before `ms`; the first one when none does. */
  at(ms: number): number {
    return Math.max(0, this.pieces.findLastIndex(({ from }) => from <= ms));
  }

  held(index: number): Stretch | null {
    return this.kept.get(index) ?? null;
  }

  /** The piece at this place, and what is wrong with it. Rejects when asking again may help. */
  get(index: number): Promise<Stretch> {
    const held = this.kept.get(index);
    if (held) {
      this.kept.delete(index);
      this.kept.set(index, held);
      return Promise.resolve(held);
    }
    let coming = this.coming.get(index);
    if (!coming) {
      coming = this.load(index).finally(() => this.coming.delete(index));
      this.coming.set(index, coming);
    }
    return coming;
  }

  /** Ahead of need; should it fail, whoever needs it asks again. */
  want(index: number): void {
    if (index < this.count && !this.kept.has(index)) this.get(index).catch(() => undefined);
  }

  private async load(index: number): Promise<Stretch> {
    const n = this.pieces[index]?.n ?? index;
    let stretch: Stretch;
    try {
      stretch = { n, frames: framesOf(await this.options.fetch(n)), why: null };
    } catch (error) {
      if (error instanceof DamagedError) stretch = { n, frames: [], why: 'damaged' };
      else if (this.options.isLost(error)) stretch = { n, frames: [], why: 'lost' };
      else throw error;
    }
    this.kept.set(index, stretch);
    this.makeRoom(index);
    this.tellPages(stretch.frames);
    return stretch;
  }

  /** Where each is whole, so that a jump to it shows it. */
  private tellPages(frames: readonly Recorded[]): void {
    frames.forEach(({ at, begins }, index) => {
      if (begins && begins.address !== '') this.options.found?.(frames.slice(index).find(({ ends }) => ends)?.at ?? at, begins.address);
    });
  }

  private makeRoom(index: number): void {
    for (const oldest of this.kept.keys()) {
      if (this.size <= ROOM || oldest === index) return;
      this.kept.delete(oldest);
    }
  }
}
