import type { ClientFrame, Fact, ServerFrame, VisitorConversation } from '@balie/protocol';
import { applyVisitor, fromVisitorSnapshot, type Pending, visitorCursor, type VisitorState } from '@balie/state';
import {
  type Channel,
  createLink,
  type Link,
  type LinkStatus,
  type Locks,
  memoryOutbox,
  type OutboxStore,
  type Platform,
  type PlatformEvent,
  type Socket,
} from '../src/index';

/** A clock that stands still until told. */
export class FakeClock {
  time = 1_750_000_000_000;
  private next = 1;
  private readonly timers = new Map<number, { at: number; run: () => void }>();

  now = (): number => this.time;
  setTimeout = (run: () => void, ms: number): number => {
    const id = this.next++;
    this.timers.set(id, { at: this.time + ms, run });
    return id;
  };
  clearTimeout = (id: unknown): void => void this.timers.delete(id as number);

  /** Lets time pass, firing timers in order, with a chance for promises to go on after each. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = Array.from(this.timers).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due || due[1].at > end) break;
      this.time = Math.max(this.time, due[1].at);
      this.timers.delete(due[0]);
      due[1].run();
      await settle();
    }
    this.time = end;
    await settle();
  }

  /** The machine sleeps: time goes on, timers do not fire. */
  sleep(ms: number): void {
    this.time += ms;
  }
}

/** Lets pending promises and storage requests finish. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 60; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Small seeded generator (mulberry32), so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly url: string;
  readonly heard: ClientFrame[] = [];
  private readonly held: (() => void)[] = [];
  private readonly desk: FakeDesk;

  constructor(desk: FakeDesk, url: string) {
    this.desk = desk;
    this.url = url;
  }

  send(text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.wire(() => {
      this.heard.push(frame);
      this.desk.receive(this, frame);
    });
  }

  close(): void {
    this.desk.sockets.delete(this);
  }

  tell(frame: ServerFrame): void {
    const data = JSON.stringify(frame);
    this.wire(() => this.onmessage?.({ data }));
  }

  /** What the wire held back arrives in order, as TCP would bring it. */
  heal(): void {
    for (const arrive of this.held.splice(0)) arrive();
  }

  private wire(arrive: () => void): void {
    if (!this.desk.sockets.has(this)) return;
    const later = (): void => {
      if (this.desk.sockets.has(this)) arrive();
    };
    if (this.desk.blackHole) this.held.push(later);
    else queueMicrotask(later);
  }
}

/** A small desk with one visitor: stores, dedupes by cid, acks after storing, resumes by cursor. */
export class FakeDesk {
  readonly sockets = new Set<FakeSocket>();
  readonly all: FakeSocket[] = [];
  readonly log: Fact[] = [];
  readonly cids = new Map<string, number>();
  epoch = 'e1';
  /** Lets sockets open. When false each try is cut. */
  up = true;
  private hole = false;
  /** Takes this many frames of a connection and goes down before, or after, storing the next message. */
  crash: { frames: number; stored: boolean } | null = null;
  refuseText: string | null = null;
  /** Whether pings are answered. */
  answers = true;
  holdAcks = false;
  ticketError: Error | null = null;
  tickets = 0;
  /** Resume tickets that are not taken. */
  readonly refused = new Set<string>();
  readonly clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  connect = (url: string): Socket => {
    const socket = new FakeSocket(this, url);
    this.all.push(socket);
    if (this.up) this.sockets.add(socket);
    queueMicrotask(() => {
      if (this.sockets.has(socket)) socket.onopen?.();
      else socket.onclose?.({ code: 1006 });
    });
    return socket;
  };

  ticket = (): Promise<string> => {
    this.tickets += 1;
    return this.ticketError ? Promise.reject(this.ticketError) : Promise.resolve(`t${this.tickets}`);
  };

  /** Holds everything back, both ways, without closing. */
  get blackHole(): boolean {
    return this.hole;
  }

  set blackHole(on: boolean) {
    this.hole = on;
    if (!on) for (const socket of this.sockets) socket.heal();
  }

  get socket(): FakeSocket {
    const socket = Array.from(this.sockets).pop();
    if (!socket) throw new Error('nobody is connected');
    return socket;
  }

  cut(code = 1006): void {
    for (const socket of Array.from(this.sockets)) {
      this.sockets.delete(socket);
      socket.onclose?.({ code });
    }
  }

  texts(): string[] {
    return this.log.flatMap((fact) => (fact.kind === 'message_added' ? [fact.body.text] : []));
  }

  /** Gives everybody a ticket to come back with. */
  give(ticket: string, validMs = 900_000, spreadMs = 500): void {
    for (const socket of this.sockets) socket.tell({ t: 'resume', d: { ticket, validMs, spreadMs } });
  }

  receive(socket: FakeSocket, frame: ClientFrame): void {
    if (frame.t === 'hello' && this.refused.has(frame.d.resume ?? '')) return this.cut(4401);
    if (frame.t === 'hello') this.welcome(socket, frame.d.epoch ?? null, frame.d.streams ?? {});
    if (frame.t === 'ping' && this.answers) socket.tell({ t: 'pong', d: { at: this.clock.time } });
    if (frame.t !== 'send') return;
    if (this.crash && --this.crash.frames < 0) {
      if (this.crash.stored) this.store(frame.d.cid, frame.d.text);
      this.crash = null;
      return this.cut();
    }
    if (frame.d.text === this.refuseText) {
      return socket.tell({ t: 'refuse', d: { code: 'text_too_long', detail: '', cid: frame.d.cid } });
    }
    const seq = this.store(frame.d.cid, frame.d.text);
    if (this.holdAcks) return;
    socket.tell({ t: 'ack', d: { cid: frame.d.cid, conversation: 'cnv_1', seq, at: this.clock.time, mismatch: false } });
  }

  store(cid: string, text: string, actor: 'contact' | 'agent' = 'contact'): number {
    const known = this.cids.get(cid);
    if (known !== undefined) return known;
    if (this.log.length === 0) {
      const contact = { id: 'con_1', name: '', email: '', phone: '', language: 'nl' } as const;
      this.append({ kind: 'conversation_opened', body: { number: 1, inbox: 'inb_1', contact, language: 'nl', page: null } }, actor);
    }
    const fact = this.append({ kind: 'message_added', body: { cid, text, sentAt: null } }, actor);
    this.cids.set(cid, fact.seq);
    return fact.seq;
  }

  append(what: { kind: Fact['kind']; body: unknown }, kind: 'contact' | 'agent' = 'agent'): Fact {
    const seq = this.log.length + 1;
    const fact = { pos: 0, stream: 'cnv_1', seq, at: this.clock.time, actor: { kind, id: kind, name: kind }, ...what } as Fact;
    this.log.push(fact);
    for (const socket of this.sockets) socket.tell({ t: 'fact', d: fact });
    return fact;
  }

  private welcome(socket: FakeSocket, epoch: string | null, streams: Record<string, number>): void {
    const resumed = epoch === this.epoch;
    socket.tell({ t: 'welcome', d: { session: 'ses_1', epoch: this.epoch, at: this.clock.time, resumed } });
    if (resumed) {
      for (const fact of this.log.slice(streams['cnv_1'] ?? 0)) socket.tell({ t: 'fact', d: fact });
      return;
    }
    let state: VisitorState = { desk: { status: 'online', name: 'Desk', hours: null }, conversations: [] };
    for (const fact of this.log) state = applyVisitor(state, fact) as VisitorState;
    const visitor = { desk: state.desk, conversations: state.conversations as VisitorConversation[] };
    socket.tell({ t: 'resync', d: { reason: epoch === null ? 'first' : 'epoch', visitor, agent: null } });
  }
}

/** The Web Locks of one origin. */
export class FakeLocks implements Locks {
  private readonly queues = new Map<string, (() => Promise<void>)[]>();
  holders = 0;

  request(name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        this.holders += 1;
        await hold();
        this.holders -= 1;
        queue.shift();
        resolve();
        void queue[0]?.();
      };
      signal.addEventListener('abort', () => {
        const at = queue.indexOf(run);
        if (at > 0) {
          queue.splice(at, 1);
          reject(new Error('AbortError'));
        }
      });
      queue.push(run);
      if (queue.length === 1) void Promise.resolve().then(run);
    });
  }
}

/** The BroadcastChannels of one origin. */
export class FakeAir {
  private readonly channels = new Set<Channel & { name: string }>();

  open = (name: string): Channel => {
    const channel: Channel & { name: string } = {
      name,
      onmessage: null,
      postMessage: (message) => {
        for (const other of this.channels) {
          if (other !== channel && other.name === name) {
            queueMicrotask(() => other.onmessage?.({ data: structuredClone(message) }));
          }
        }
      },
      close: () => void this.channels.delete(channel),
    };
    this.channels.add(channel);
    return channel;
  };
}

/** One tab of a visitor, with what it shows. */
export class Tab {
  state: VisitorState | null = null;
  pending: readonly Pending[] = [];
  readonly statuses: LinkStatus[] = [];
  resyncs: string[] = [];
  online = true;
  visible = true;
  readonly link: Link;
  readonly desk: FakeDesk;
  private listener: ((event: PlatformEvent) => void) | null = null;

  constructor(desk: FakeDesk, options: { storage?: OutboxStore; random?: () => number; locks?: Locks; air?: FakeAir } = {}) {
    this.desk = desk;
    const platform: Platform = {
      clock: desk.clock,
      random: options.random ?? (() => 0.5),
      socket: desk.connect,
      online: () => this.online,
      visible: () => this.visible,
      watch: (listener) => {
        this.listener = listener;
        return () => (this.listener = null);
      },
      locks: options.locks ?? null,
      channel: (name) => options.air?.open(name) ?? null,
    };
    this.link = createLink({
      kind: 'visitor',
      url: 'ws://desk/v1/socket/visitor',
      ticket: desk.ticket,
      scope: 'vis_1',
      storage: options.storage ?? memoryOutbox(),
      dev: 'tab',
      platform,
      cursor: () => visitorCursor(this.state),
      onFact: (fact) => {
        const next = this.state ? applyVisitor(this.state, fact) : 'gap';
        if (next === 'gap') return 'gap';
        this.state = next;
        return 'ok';
      },
      onResync: (snapshot, reason) => {
        this.resyncs.push(reason);
        this.state = fromVisitorSnapshot(snapshot);
      },
      onStatus: (status) => void this.statuses.push(status),
      onOutbox: (pending) => (this.pending = pending),
    });
  }

  happens(event: PlatformEvent): void {
    if (event === 'online' || event === 'offline') this.online = event === 'online';
    if (event === 'visible' || event === 'hidden') this.visible = event === 'visible';
    this.listener?.(event);
  }

  /** Texts in the log as this tab shows it. */
  shown(): string[] {
    return (this.state?.conversations ?? []).flatMap((it) =>
      it.log.flatMap((fact) => (fact.kind === 'message_added' ? [fact.body.text] : [])),
    );
  }

  get live(): boolean {
    return this.link.status().state === 'live';
  }
}
