/** Where frames leave: numbers, seals and squeezes them, in order, and keeps the last ones for a watcher that was away for a moment. */

import { address, Class, Direction, Flag, FRAME_LIMIT, SQUEEZE_FROM, deflate, seal } from '../protocol';

const KEPT_MS = 10_000;
const KEPT_BYTES = 262_144;
/** Bytes waiting in the socket from which pointers are dropped, and from which nothing but a fresh snapshot helps. */
export const BUSY_BYTES = 65_536;
export const FLOODED_BYTES = 1_048_576;

interface Kept {
  seq: number;
  at: number;
  frame: Uint8Array;
}

export class Outlet {
  epoch: number;
  seq = 0;
  private readonly send: (frame: Uint8Array<ArrayBuffer>) => void;
  private readonly now: () => number;
  private readonly failed: (error: unknown) => void;
  private kept: Kept[] = [];
  private keptBytes = 0;
  private tail: Promise<void> | null = null;

  constructor(epoch: number, send: (frame: Uint8Array<ArrayBuffer>) => void, now: () => number, failed: (error: unknown) => void) {
    this.epoch = epoch;
    this.send = send;
    this.now = now;
    this.failed = failed;
  }

  /** Starts counting anew; what still waits in an older epoch is not sent. */
  next(): void {
    this.epoch = (this.epoch + 1) >>> 0;
    this.seq = 0;
    this.kept = [];
    this.keptBytes = 0;
  }

  post(class_: Class, payload: Uint8Array<ArrayBuffer>, flags = 0): void {
    if (class_ === Class.critical) this.seq += 1;
    this.seal(class_, payload, flags, this.seq, 0);
  }

  /** Part `seq` of what one watcher alone is sent, among the frames to everybody. */
  postTo(watcher: number, seq: number, payload: Uint8Array<ArrayBuffer>, flags: number): void {
    this.seal(Class.critical, payload, flags, seq, watcher);
  }

  private seal(class_: Class, payload: Uint8Array<ArrayBuffer>, flags: number, seq: number, watcher: number): void {
    const envelope = { class: class_, direction: Direction.toAgent, flags, epoch: this.epoch, seq };
    const large = payload.length > SQUEEZE_FROM;
    if (!large && !this.tail) return this.leave(seq, class_, seal(envelope, payload), watcher);
    const squeezed = large ? deflate(payload) : null;
    const before = this.tail ?? Promise.resolve();
    const turn = before.then(async () => {
      const body = squeezed ? await squeezed : payload;
      if (envelope.epoch !== this.epoch) return;
      this.leave(seq, class_, seal(squeezed ? { ...envelope, flags: flags | Flag.deflated } : envelope, body), watcher);
    });
    this.tail = turn;
    turn.catch(this.failed).finally(() => {
      if (this.tail === turn) this.tail = null;
    });
  }

  /** Everything posted so far has left. */
  settled(): Promise<void> {
    return this.tail ?? Promise.resolve();
  }

  /** Sends the critical frames after `seq` again, to one watcher (0: to everybody); false when some of them are no longer there. */
  replay(seq: number, watcher: number): boolean {
    const first = this.kept[0]?.seq ?? this.seq + 1;
    if (this.tail || seq > this.seq || seq + 1 < first) return false;
    for (const it of this.kept) if (it.seq > seq) this.send(watcher ? address(it.frame, watcher) : it.frame.slice());
    return true;
  }

  private leave(seq: number, class_: Class, frame: Uint8Array<ArrayBuffer>, watcher: number): void {
    if (frame.length > FRAME_LIMIT - 4) throw new RangeError(`a frame of ${frame.length} bytes`);
    if (watcher) return this.send(address(frame, watcher));
    if (class_ === Class.critical) this.keep(seq, frame);
    this.send(frame);
  }

  private keep(seq: number, frame: Uint8Array): void {
    const at = this.now();
    this.kept.push({ seq, at, frame });
    this.keptBytes += frame.length;
    while (this.kept.length > 0 && (this.keptBytes > KEPT_BYTES || this.kept[0]!.at < at - KEPT_MS)) {
      this.keptBytes -= this.kept.shift()!.frame.length;
    }
  }
}
