import type { Fact, Read, Side } from '@balie/protocol';
import type { Clock } from './platform';

const COALESCE_MS = 200;

type Level = Exclude<Read['level'], undefined>;
type Seqs = Record<Level, number>;
interface Mark {
  readonly wanted: Seqs;
  /** What this connection was told. */
  told: Seqs;
  /** What the log has said. */
  readonly known: Seqs;
}

const nothing = (): Seqs => ({ delivered: 0, read: 0 });

/** Read marks on their way to the desk: many become one, none goes back, and each is repeated until the log confirms it. */
export class Marks {
  private readonly marks = new Map<string, Mark>();
  private readonly clock: Clock;
  private readonly side: Side;
  private readonly tell: (read: Read) => boolean;
  private timer: unknown;
  private waiting = false;

  constructor(clock: Clock, side: Side, tell: (read: Read) => boolean) {
    this.clock = clock;
    this.side = side;
    this.tell = tell;
  }

  want(conversation: string, upTo: number, level: Level): void {
    const { wanted, known } = this.of(conversation);
    if (upTo <= Math.max(reach(wanted, level), reach(known, level))) return;
    wanted[level] = upTo;
    if (this.waiting) return;
    this.waiting = true;
    this.timer = this.clock.setTimeout(() => this.flush(), COALESCE_MS);
  }

  /** A new connection knows nothing of what the last one was told. */
  live(): void {
    for (const mark of this.marks.values()) mark.told = nothing();
    this.flush();
  }

  seen(fact: Fact): void {
    if (fact.kind !== 'messages_read' && fact.kind !== 'messages_delivered') return;
    if (fact.body.side !== this.side) return;
    const { known } = this.of(fact.stream);
    const level = fact.kind === 'messages_read' ? 'read' : 'delivered';
    known[level] = Math.max(known[level], fact.body.upTo);
  }

  /** Another history: its numbers are not ours. */
  clear(): void {
    this.marks.clear();
  }

  stop(): void {
    this.clock.clearTimeout(this.timer);
    this.waiting = false;
  }

  private of(conversation: string): Mark {
    let mark = this.marks.get(conversation);
    if (!mark) {
      mark = { wanted: nothing(), told: nothing(), known: nothing() };
      this.marks.set(conversation, mark);
    }
    return mark;
  }

  private flush(): void {
    this.waiting = false;
    for (const [conversation, { wanted, told, known }] of this.marks) {
      for (const level of ['read', 'delivered'] as const) {
        const upTo = wanted[level];
        if (upTo <= Math.max(reach(told, level), reach(known, level))) continue;
        if (this.tell({ conversation, upTo, level })) told[level] = upTo;
      }
    }
  }
}

/** What is read is delivered too. */
function reach(seqs: Seqs, level: Level): number {
  return level === 'read' ? seqs.read : Math.max(seqs.read, seqs.delivered);
}
