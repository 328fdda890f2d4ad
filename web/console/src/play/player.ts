/** Plays a recording on a screen: its own clock, speed, skips over stillness, and jumps that start from the last picture before them. */
import { computed, signal } from '@preact/signals';
import type { Recorded } from './frames';
import type { Reel, Stretch } from './reel';

/** Where frames are drawn. */
export interface Screen {
  /** A copy that knows nothing yet; the one before stays in sight until this one shows something. */
  fresh(quirks: boolean): void;
  take(frame: Uint8Array): void;
  /** Everything taken so far has been drawn. */
  settled(): Promise<void>;
}

export type PlayState = 'paused' | 'playing' | 'ended';
/** `hole`: this stretch is gone or damaged; the picture comes back with the next one that begins. */
export type Trouble = { kind: 'hole'; why: 'lost' | 'damaged' } | { kind: 'failed' };

export const SPEEDS = [1, 2, 4, 8] as const;
/** Nothing moves for longer than this: skipped, except for its last moment. */
const STILL_MS = 2_000;
const LEAD_MS = 500;
/** A window that was in the background goes on where it was. */
const STEP_MOST_MS = 250;
/** Of the pointer's way to a place only the last part is drawn. */
const POINTER_MS = 500;

export interface PlayerOptions {
  reel: Reel;
  screen: Screen;
  duration: number;
}

export class Player {
  /** Milliseconds since the recording's beginning. */
  readonly position = signal(0);
  readonly state = signal<PlayState>('paused');
  readonly speed = signal(1);
  readonly skipsStill = signal(true);
  /** A jump, or the first picture, is under way; or playing waits for a piece. */
  readonly waiting = signal(false);
  readonly trouble = signal<Trouble | null>(null);
  readonly duration: number;
  private readonly reel: Reel;
  private readonly screen: Screen;
  /** The next frame to draw. */
  private piece = 0;
  private frame = 0;
  private drawnAt = -1;
  /** The copy holds a whole picture, so that changes fit. */
  private stands = false;
  private epoch = -1;
  private quirks = false;
  /** Before it there is nothing to see. */
  private first = 0;
  private round = 0;
  private seeking = false;
  private tickedAt: number | null = null;
  private over = false;

  constructor({ reel, screen, duration }: PlayerOptions) {
    this.reel = reel;
    this.screen = screen;
    this.duration = Math.max(duration, reel.pieces[reel.count - 1]?.to ?? 0);
  }

  readonly isPlaying = computed(() => this.state.value === 'playing');

  /** To the first whole picture, standing still. */
  async open(): Promise<void> {
    const round = this.round;
    try {
      if (this.reel.count > 0) this.first = (await this.reel.get(0)).frames.find(({ ends }) => ends)?.at ?? 0;
    } catch {
      return this.fail();
    }
    if (round === this.round) await this.seek(0);
  }

  play(): void {
    if (this.over) return;
    this.tickedAt = null;
    this.state.value = 'playing';
    if (this.position.peek() >= this.duration) void this.seek(0);
    else if (this.trouble.peek()?.kind === 'failed') void this.seek(this.position.peek());
  }

  pause(): void {
    if (this.state.peek() === 'playing') this.state.value = 'paused';
  }

  toggle(): void {
    if (this.state.peek() === 'playing') this.pause();
    else this.play();
  }

  /** The copy could not be brought on: what follows does not fit until the next picture begins. */
  broke(): void {
    if (!this.stands) return;
    this.stands = false;
    this.trouble.value = { kind: 'hole', why: 'damaged' };
  }

  stop(): void {
    this.over = true;
    this.round += 1;
    this.state.value = 'paused';
  }

  /** To `ms`: from the last picture that begins before it, or onward from here when none lies between. Resolves when it is drawn. */
  async seek(ms: number): Promise<void> {
    const target = Math.min(this.duration, Math.max(this.first, ms));
    const round = ++this.round;
    this.position.value = target;
    if (this.state.peek() === 'ended' && target < this.duration) this.state.value = 'paused';
    if (this.trouble.peek()?.kind === 'failed') this.trouble.value = null;
    this.seeking = this.waiting.value = true;
    try {
      await this.goTo(target, () => round !== this.round);
    } catch {
      if (round === this.round) this.fail();
    } finally {
      if (round === this.round) {
        this.seeking = this.waiting.value = false;
        this.tickedAt = null;
      }
    }
  }

  /** Called for each painted frame, with a clock that only goes forward. */
  tick(now: number): void {
    const before = this.tickedAt;
    this.tickedAt = now;
    if (this.state.peek() !== 'playing' || this.seeking || before === null) return;
    const step = Math.min(STEP_MOST_MS, Math.max(0, now - before)) * this.speed.peek();
    const { reached, next } = this.draw(Math.min(this.duration, this.position.peek() + step));
    const still = this.skipsStill.peek() && !this.waiting.peek() && (next === null || next - reached > STILL_MS);
    const to = still ? (next === null ? this.duration : next - LEAD_MS) : reached;
    this.position.value = to;
    if (to >= this.duration) this.state.value = 'ended';
  }

  /** Draws what is due at `until`; how far that got, and when the next frame is due (none when there is none, or none known yet). */
  private draw(until: number): { reached: number; next: number | null } {
    for (;;) {
      if (this.piece >= this.reel.count) return this.drew(until, null);
      const stretch = this.reel.held(this.piece);
      if (!stretch) {
        const from = this.reel.pieces[this.piece]?.from ?? 0;
        if (from > until) {
          this.reel.want(this.piece);
          return this.drew(until, from);
        }
        this.fetch();
        this.waiting.value = true;
        return { reached: Math.max(this.position.peek(), Math.min(until, from)), next: null };
      }
      this.reel.want(this.piece + 1);
      this.reel.want(this.piece + 2);
      const due = this.walk(stretch, until);
      if (due !== null) return this.drew(until, due);
      this.piece += 1;
      this.frame = 0;
    }
  }

  private drew(reached: number, next: number | null): { reached: number; next: number | null } {
    this.waiting.value = false;
    return { reached, next };
  }

  private fetch(): void {
    const { round, piece } = this;
    this.reel.get(piece).catch(() => {
      if (round === this.round && piece === this.piece) this.fail();
    });
  }

  private async goTo(target: number, isOld: () => boolean): Promise<void> {
    if (this.reel.count === 0) return;
    const start = await this.startFor(target, isOld);
    if (isOld()) return;
    if (start) ({ piece: this.piece, frame: this.frame } = start);
    if (start) this.stands = false;
    for (;;) {
      if (this.piece >= this.reel.count || (this.reel.pieces[this.piece]?.from ?? 0) > target) break;
      const stretch = await this.reel.get(this.piece);
      if (isOld()) return;
      if (this.walk(stretch, target, start !== null) !== null) break;
      this.piece += 1;
      this.frame = 0;
      // Piece by piece: the screen is never given more than it can draw.
      await this.screen.settled();
      if (isOld()) return;
    }
    this.reel.want(this.piece + 1);
    await this.screen.settled();
  }

  /** Where to start for `target`; null to go on from here. */
  private async startFor(target: number, isOld: () => boolean): Promise<{ piece: number; frame: number } | null> {
    const mayGoOn = this.stands && this.drawnAt <= target;
    for (let piece = this.reel.at(target); piece >= 0; piece--) {
      if (mayGoOn && piece < this.piece) return null;
      const { frames, why } = await this.reel.get(piece);
      if (isOld()) return null;
      // What came before a missing piece does not fit what comes after it.
      if (why) {
        this.trouble.value = { kind: 'hole', why };
        break;
      }
      const frame = frames.findLastIndex((one) => one.begins !== null && one.at <= target);
      if (frame < 0) continue;
      return mayGoOn && piece === this.piece && frame < this.frame ? null : { piece, frame };
    }
    // No picture before it: from where this piece begins, in the hope of one that follows.
    return { piece: this.reel.at(target), frame: 0 };
  }

  /** Draws the frames of a piece up to `until`; when the next one in it is due, null after its last. */
  private walk(stretch: Stretch, until: number, isJump = false): number | null {
    if (stretch.why) {
      this.stands = false;
      this.trouble.value = { kind: 'hole', why: stretch.why };
    }
    for (; this.frame < stretch.frames.length; this.frame++) {
      const one = stretch.frames[this.frame];
      if (!one) break;
      if (one.at > until) {
        const shown = this.stands ? one : stretch.frames.slice(this.frame).find(({ begins }) => begins !== null);
        return shown?.at ?? one.at;
      }
      if (one.begins) this.begin(one);
      if (!this.stands || (isJump && one.droppable && one.at < until - POINTER_MS)) continue;
      this.drawnAt = one.at;
      this.screen.take(one.bytes);
    }
    return null;
  }

  private begin(one: Recorded): void {
    const quirks = one.begins?.quirks ?? false;
    // A copy takes only epochs that are newer than its own, or a portrait within it.
    const isOld = one.begins?.isPortrait ? one.epoch < this.epoch : one.epoch <= this.epoch;
    if (isOld || quirks !== this.quirks || this.epoch < 0) this.screen.fresh(quirks);
    this.epoch = one.epoch;
    this.quirks = quirks;
    this.stands = true;
    this.trouble.value = null;
  }

  private fail(): void {
    this.state.value = 'paused';
    this.seeking = this.waiting.value = false;
    this.trouble.value = { kind: 'failed' };
  }
}
