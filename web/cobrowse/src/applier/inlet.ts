/** Where frames arrive: puts them in order, notices what is missing, and asks for it. Trusts nobody. */

import {
  Class, Direction, Flag, inflate, open, ProtocolError, read, Reader, readOps, seal, StringsIn, Type, write, type Ask, type Envelope, type FromAgent, type FromVisitor,
} from '../protocol';
import type { Resolve } from './build';
import { Mirror } from './mirror';

const SNAPSHOT_LIMIT = 20 * 1_048_576;
/** A recorder that keeps sending what does not fit is asked for help no more often than this. */
const ASK_MS = 2_000;
/** The number of the page's own document. */
const TOP = 1;

export interface InletOptions {
  document: Document;
  /** Leads to our own asset route. */
  resolve: Resolve;
  /** The agent's frames, on their way to the visitor. */
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** What the console shows around the page. */
  told?(message: FromVisitor): void;
  /** A new epoch begins (`changing`), stands (`shown`), or both sides differed (`diverged`); or a frame was refused, with its code. */
  noticed?(what: 'changing' | 'shown' | 'diverged' | 'refused', detail: string): void;
  /** The visitor scrolled their page, whether or not the copy goes along. */
  scrolled?(): void;
  now?(): number;
}

export class Inlet {
  epoch = 0;
  seq = 0;
  mirror: Mirror | null = null;
  /** How far the visitor scrolled the page itself. */
  visitorAt = { x: 0, y: 0 };
  private following = true;
  private readonly options: InletOptions;
  private readonly texts = new Map<string, string>();
  private coming: Mirror | null = null;
  private strings = new StringsIn();
  private snapshotBytes = 0;
  private lost = false;
  /** The last part of a portrait that is coming; 0 while none is. */
  private part = 0;
  private askedAt: number;
  private tail: Promise<void> = Promise.resolve();

  constructor(options: InletOptions) {
    this.options = options;
    // Who comes later is sent a picture without asking.
    this.askedAt = this.now;
  }

  /** Takes a frame; resolves when it has been played or dropped. */
  take(frame: Uint8Array): Promise<void> {
    this.tail = this.tail.then(async () => {
      try {
        await this.play(frame);
      } catch (error) {
        this.fail(error);
      }
    });
    return this.tail;
  }

  /** Everything taken so far has been played or dropped. */
  settled(): Promise<void> {
    return this.tail;
  }

  say(message: FromAgent): void {
    const class_ = message.type === Type.pointAt ? Class.droppable : Class.critical;
    const envelope = { class: class_, direction: Direction.toVisitor, flags: grantOf(message), epoch: this.epoch, seq: this.seq };
    this.options.send(seal(envelope, write(message)));
  }

  /** Frames may have been lost on the way: ask for those after the last one, or for all of it. */
  mend(what: 'replay' | 'snapshot'): void {
    this.askedAt = -Infinity;
    this.ask({ what });
  }

  /** Whether the copy scrolls along with the visitor; when it does again, it goes where they are. Parts that scroll by themselves always follow. */
  follow(on: boolean): void {
    this.following = on;
    if (on) this.mirror?.scroll(TOP, this.visitorAt.x, this.visitorAt.y);
  }

  private async play(frame: Uint8Array): Promise<void> {
    const { envelope, watcher, payload } = open(frame);
    if (envelope.direction !== Direction.toAgent) throw new ProtocolError('wrong_direction');
    const isPortrait = watcher !== 0 && (envelope.flags & Flag.snapshot) !== 0;
    if (isPortrait ? !this.isNextPart(envelope) : !this.isNext(envelope)) return;
    const body = envelope.flags & Flag.deflated ? await inflate(payload) : payload;
    if (envelope.flags & Flag.snapshot) {
      this.snapshotBytes += body.length;
      if (this.snapshotBytes > SNAPSHOT_LIMIT) throw new ProtocolError('snapshot_too_large');
    }
    if (envelope.class === Class.critical && !isPortrait) this.seq = envelope.seq;
    if (body[0] !== Type.ops) return this.hear(read(body) as FromVisitor);
    const from = new Reader(body.subarray(1));
    const mirror = this.coming ?? this.mirror;
    if (!mirror) throw new ProtocolError('no_snapshot');
    readOps(from, this.strings, mirror);
    mirror.settle();
  }

  /** Whether this frame is the one to play now. Asks for what is missing. */
  private isNext({ class: class_, epoch, seq }: Envelope): boolean {
    if (epoch < this.epoch) return false;
    if (epoch > this.epoch) {
      if (class_ !== Class.critical || seq !== 1) {
        this.ask({ what: 'snapshot' });
        return false;
      }
      this.begin(epoch);
      return true;
    }
    // What is told to everybody while a portrait comes is in it.
    if (this.lost || (this.part > 0 && class_ === Class.critical)) return false;
    if (class_ !== Class.critical) return true;
    if (seq <= this.seq) return false;
    if (seq === this.seq + 1) return true;
    this.ask({ what: 'replay' });
    return false;
  }

  /** Parts of a portrait count by themselves, among the frames to everybody. */
  private isNextPart({ epoch, seq }: Envelope): boolean {
    if (epoch < this.epoch) return false;
    if (seq === 1) this.begin(epoch);
    else if (this.part === 0 || epoch > this.epoch || seq !== this.part + 1) {
      if (this.part > 0) this.lost = true;
      this.part = 0;
      this.ask({ what: 'snapshot' });
      return false;
    }
    this.part = seq;
    return true;
  }

  private begin(epoch: number): void {
    this.epoch = epoch;
    this.seq = 0;
    this.part = 0;
    this.lost = false;
    this.askedAt = -Infinity;
    this.strings = new StringsIn();
    this.snapshotBytes = 0;
    const missing = (hash: string): void => void this.waiting.add(hash);
    this.coming = new Mirror(this.options.document, this.options.resolve, this.texts, missing);
  }

  private readonly waiting = new Set<string>();

  private hear(message: FromVisitor): void {
    if (message.type >= Type.pointAt) throw new ProtocolError('wrong_direction');
    switch (message.type) {
      case Type.snapshotBegin: this.notice('changing'); break;
      case Type.snapshotEnd:
        this.shown(message.nodes);
        if (this.part > 0) this.seq = message.at;
        this.part = 0;
        break;
      case Type.strings:
        for (const it of message.texts) this.strings.keep(it);
        break;
      case Type.scroll: this.scroll(message.id, message.x, message.y); break;
      case Type.digest: this.compare(message.nodes, message.value); break;
      case Type.sheetText:
        this.waiting.delete(message.hash);
        return (this.coming ?? this.mirror)?.sheetSet.part(message.hash, message.text, message.last);
      default:
    }
    this.options.told?.(message);
  }

  private scroll(id: number, x: number, y: number): void {
    if (id === TOP) this.visitorAt = { x, y };
    if (id !== TOP || this.following) this.mirror?.scroll(id, x, y);
    this.options.scrolled?.();
  }

  private shown(nodes: number): void {
    const { coming } = this;
    if (!coming) throw new ProtocolError('no_snapshot');
    if (coming.size !== nodes) throw new ProtocolError('snapshot_incomplete', `${coming.size} of ${nodes}`);
    coming.show();
    this.mirror = coming;
    this.coming = null;
    // A sheet that somebody else was believed to have, and nobody has.
    for (const hash of this.waiting) this.say({ type: Type.ask, what: 'sheet', seq: this.seq, hash });
    this.waiting.clear();
    this.notice('shown');
  }

  private compare(nodes: number, value: number): void {
    if (!this.mirror || this.coming) return;
    const own = this.mirror.digest();
    if (own.nodes === nodes && own.value === value) return;
    this.notice('diverged', `${own.nodes} of ${nodes}`);
    this.lost = true;
    this.ask({ what: 'snapshot' });
  }

  private fail(error: unknown): void {
    const code = error instanceof ProtocolError ? error.code : 'failed';
    this.notice('refused', error instanceof Error ? `${code} (${error.message})` : code);
    this.lost = true;
    this.part = 0;
    this.coming = null;
    this.ask({ what: 'snapshot' });
  }

  private ask(what: Pick<Ask, 'what'>): void {
    const at = this.now;
    if (at - this.askedAt < ASK_MS) return;
    this.askedAt = at;
    this.say({ type: Type.ask, what: what.what, seq: this.seq, hash: '' });
  }

  private get now(): number {
    return this.options.now?.() ?? performance.now();
  }

  private notice(what: 'changing' | 'shown' | 'diverged' | 'refused', detail = ''): void {
    this.options.noticed?.(what, detail);
  }
}

/** The grant that the relay looks for before it lets a frame through. */
function grantOf({ type }: FromAgent): number {
  if (type === Type.scrollTo) return Flag.scroll;
  return type === Type.click || type === Type.fill || type === Type.select ? Flag.act : 0;
}
