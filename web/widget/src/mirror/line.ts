/** The visitor's socket to the relay: frames out, frames and the relay's own words in. Comes back by itself. */

import { backoff, Problem, type Clock } from '@balie/link';
import { CLOSE_BAD_FRAME, CLOSE_NO_RIGHT, CLOSE_NOT_SIGNED_IN, CLOSE_TAKEN_OVER, type MirrorAlive, type MirrorFrame, type MirrorLeaving } from '@balie/protocol';
import type { LineState, Over, Ticket } from '../shared/look-bridge';

const OPEN_MS = 10_000;
const TOO_MANY_MS = 10_000;
const TICKET_TRIES = 3;
/** What the recorder tells while the line is down, for so long and so much; then only a fresh snapshot helps. */
const KEPT_MS = 8_000;
const KEPT_BYTES = 262_144;
/** More than a recorder writes into: it waits until this is gone, and begins anew. */
const STOPPED_UP = 2 ** 30;

/** The part of WebSocket that is used. */
export interface MirrorSocket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface LineOptions {
  url: string;
  clock: Clock;
  random: () => number;
  socket: (url: string) => MirrorSocket;
  ticket: () => Promise<Ticket>;
  onTicket: (ticket: Ticket) => void;
  onState: (state: LineState) => void;
  onWord: (word: MirrorFrame) => void;
  onFrame: (frame: Uint8Array) => void;
  onOver: (why: Extract<Over, 'taken_over' | 'refused' | 'recorder_failed'>) => void;
}

export class Line {
  private readonly options: LineOptions;
  private socket: MirrorSocket | null = null;
  private opened = false;
  private stopped = false;
  private attempt = 0;
  private refusals = 0;
  private timer: unknown;
  private kept: Uint8Array<ArrayBuffer>[] = [];
  private keptBytes = 0;
  private downSince: number | null = null;

  constructor(options: LineOptions) {
    this.options = options;
  }

  start(): void {
    this.options.onState('connecting');
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.hangUp();
  }

  /** Bytes that wait; very many when only a fresh snapshot would help. */
  get buffered(): number {
    if (this.opened && this.socket) return this.socket.bufferedAmount;
    const tooLong = this.downSince !== null && this.options.clock.now() - this.downSince > KEPT_MS;
    return tooLong || this.keptBytes > KEPT_BYTES ? STOPPED_UP : 0;
  }

  /** A frame that has to arrive is kept while the line is down; another one is for now or never. */
  frame(frame: Uint8Array<ArrayBuffer>, critical: boolean): void {
    if (this.opened && this.socket) this.socket.send(frame);
    else if (critical && this.keptBytes <= KEPT_BYTES) {
      this.kept.push(frame);
      this.keptBytes += frame.length;
    }
  }

  /** Nothing that was told before may go out any more. */
  drop(): void {
    this.kept = [];
    this.keptBytes = 0;
  }

  word(word: MirrorAlive | MirrorLeaving): void {
    if (this.opened) this.socket?.send(JSON.stringify(word));
  }

  private connect(): void {
    this.hangUp();
    this.attempt += 1;
    const { clock, ticket } = this.options;
    const turn = this.attempt;
    this.timer = clock.setTimeout(() => this.again(), OPEN_MS);
    ticket().then(
      (got) => {
        if (turn === this.attempt && !this.stopped) this.open(got);
      },
      (error: unknown) => {
        if (turn === this.attempt && !this.stopped) this.noTicket(error);
      },
    );
  }

  private open(ticket: Ticket): void {
    const { url, socket: make, onTicket } = this.options;
    onTicket(ticket);
    let socket: MirrorSocket;
    try {
      socket = make(`${url}?ticket=${encodeURIComponent(ticket.ticket)}`);
    } catch {
      return this.again();
    }
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return this.options.onFrame(new Uint8Array(data as ArrayBuffer));
      const word = parse(data);
      if (!word) return;
      // The relay takes frames from here on: it says so first of all.
      if (word.t === 'state' && !this.opened) this.up();
      this.options.onWord(word);
    };
    socket.onclose = ({ code }) => this.closed(code);
  }

  private up(): void {
    this.options.clock.clearTimeout(this.timer);
    this.opened = true;
    this.attempt = this.refusals = 0;
    this.downSince = null;
    const { kept } = this;
    this.drop();
    for (const frame of kept) this.socket?.send(frame);
    this.options.onState('up');
  }

  private closed(code: number): void {
    this.hangUp();
    if (this.stopped) return;
    switch (code) {
      case CLOSE_TAKEN_OVER:
        return this.over('taken_over');
      case CLOSE_NO_RIGHT:
        return this.over('refused');
      case CLOSE_BAD_FRAME:
        return this.over('recorder_failed');
      case CLOSE_NOT_SIGNED_IN:
        this.refusals += 1;
        return this.refusals < TICKET_TRIES ? this.again() : this.over('refused');
      default:
        return this.again();
    }
  }

  private noTicket(error: unknown): void {
    const status = error instanceof Problem ? error.status : 0;
    if (status === 429) return this.wait(TOO_MANY_MS * (1 + this.options.random()));
    if (status >= 400 && status < 500) return this.over('refused');
    this.again();
  }

  private again(): void {
    this.hangUp();
    this.wait(backoff(Math.max(0, this.attempt - 1), true, () => this.options.random()));
  }

  private wait(ms: number): void {
    const { clock, onState } = this.options;
    this.timer = clock.setTimeout(() => this.connect(), ms);
    onState('down');
  }

  private over(why: Extract<Over, 'taken_over' | 'refused' | 'recorder_failed'>): void {
    this.stop();
    this.options.onOver(why);
  }

  private hangUp(): void {
    const { clock } = this.options;
    clock.clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    this.opened = false;
    this.downSince ??= clock.now();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

function parse(data: string): MirrorFrame | null {
  try {
    return JSON.parse(data) as MirrorFrame;
  } catch {
    return null;
  }
}
