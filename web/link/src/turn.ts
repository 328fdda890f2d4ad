import type { Clock, Locks } from './platform';

const PATIENCE_MS = 2_000;
const LINGER_MS = 5_000;

/**
 * Whose turn it is to send among the tabs of one origin: a Web Lock, so that one tab sends an entry at a time. A tab that
 * gets no answer (the holder may be frozen, the browser may lack locks) goes without: the desk drops doubles by cid.
 */
export class Turn {
  mine = false;
  private readonly clock: Clock;
  private readonly locks: Locks | null;
  private readonly name: string;
  private readonly onMine: () => void;
  private asking: AbortController | null = null;
  private release: (() => void) | null = null;
  private patience: unknown;
  private linger: unknown;

  constructor(clock: Clock, locks: Locks | null, name: string, onMine: () => void) {
    this.clock = clock;
    this.locks = locks;
    this.name = name;
    this.onMine = onMine;
  }

  /** Ask for the turn; `onMine` follows, at once when it is free. */
  take(): void {
    this.clock.clearTimeout(this.linger);
    if (this.mine || this.asking) return;
    if (!this.locks) return this.got();
    const asking = new AbortController();
    this.asking = asking;
    this.patience = this.clock.setTimeout(() => this.got(), PATIENCE_MS);
    const hold = (): Promise<void> => {
      if (asking.signal.aborted) return Promise.resolve();
      const held = new Promise<void>((resolve) => (this.release = resolve));
      if (!this.mine) this.got();
      return held;
    };
    this.locks.request(this.name, { signal: asking.signal }, hold).catch(() => undefined);
  }

  /** Nothing more to send for now: let go soon, so that a second message need not ask again. */
  rest(): void {
    this.clock.clearTimeout(this.linger);
    if (this.mine) this.linger = this.clock.setTimeout(() => this.give(), LINGER_MS);
    else this.give();
  }

  /** Let go now. */
  give(): void {
    this.clock.clearTimeout(this.linger);
    this.clock.clearTimeout(this.patience);
    this.mine = false;
    const { release, asking } = this;
    this.release = this.asking = null;
    if (release) release();
    else asking?.abort();
  }

  private got(): void {
    this.clock.clearTimeout(this.patience);
    this.mine = true;
    this.onMine();
  }
}
