import type { Clock } from './platform';

const REPEAT_MS = 3_000;
const PAUSE_MS = 5_000;

/** Keystrokes made into few signals: `on` at most each 3 s, `off` when it stops or after a pause of 5 s. */
export class TypingSender {
  private readonly clock: Clock;
  private readonly tell: (conversation: string, on: boolean) => void;
  private where: string | null = null;
  private toldAt = 0;
  private timer: unknown;

  constructor(clock: Clock, tell: (conversation: string, on: boolean) => void) {
    this.clock = clock;
    this.tell = tell;
  }

  set(conversation: string, on: boolean): void {
    if (!on) {
      if (this.where === conversation) this.off();
      return;
    }
    const now = this.clock.now();
    if (this.where !== conversation) this.off();
    if (this.where === null || now - this.toldAt >= REPEAT_MS) {
      this.where = conversation;
      this.toldAt = now;
      this.tell(conversation, true);
    }
    this.clock.clearTimeout(this.timer);
    this.timer = this.clock.setTimeout(() => this.off(), PAUSE_MS);
  }

  /** The message went out, or the line is gone: nothing needs to be said. */
  forget(): void {
    this.clock.clearTimeout(this.timer);
    this.where = null;
  }

  private off(): void {
    const { where } = this;
    this.forget();
    if (where !== null) this.tell(where, false);
  }
}
