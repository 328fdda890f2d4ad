/** The socket of one look: frames as bytes, what the relay says as text. Comes back by itself until it is told not to. */
import { CLOSE_NO_RIGHT, CLOSE_NOT_SIGNED_IN, type MirrorFrame } from '@balie/protocol';

export type LineState = 'connecting' | 'live' | 'waiting' | 'refused';

/** The part of WebSocket that is used. */
export interface MirrorSocket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface LineOptions {
  ticket(): Promise<string>;
  /** A definite no of the desk to a ticket, such as 403 or 404. */
  isFinal(error: unknown): boolean;
  open(ticket: string): MirrorSocket;
  state(state: LineState): void;
  frame(frame: Uint8Array): void;
  said(what: MirrorFrame): void;
  after(ms: number, work: () => void): () => void;
  random(): number;
}

const FIRST_MS = 300;
const LONGEST_MS = 8_000;
const TICKETS = 4;

export class MirrorLine {
  private readonly options: LineOptions;
  private socket: MirrorSocket | null = null;
  private tries = 0;
  private refusals = 0;
  private over = false;
  private unwait: (() => void) | null = null;

  constructor(options: LineOptions) {
    this.options = options;
  }

  start(): void {
    if (this.over) return;
    this.unwait?.();
    this.unwait = null;
    this.options.state('connecting');
    this.options.ticket().then(
      (ticket) => this.open(ticket),
      (error: unknown) => (this.options.isFinal(error) ? this.refuse() : this.wait()),
    );
  }

  /** False while there is no line: what an agent points at is for now, not for later. */
  send(frame: Uint8Array<ArrayBuffer>): boolean {
    if (!this.socket || this.over) return false;
    this.socket.send(frame);
    return true;
  }

  stop(): void {
    this.over = true;
    this.unwait?.();
    this.hangUp();
  }

  private open(ticket: string): void {
    if (this.over) return;
    this.hangUp();
    const socket = this.options.open(ticket);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.socket = socket;
      this.options.state('live');
    };
    socket.onmessage = ({ data }) => {
      this.tries = 0;
      this.refusals = 0;
      if (data instanceof ArrayBuffer) return this.options.frame(new Uint8Array(data));
      const said = parse(data);
      if (said) this.options.said(said);
    };
    socket.onclose = ({ code }) => {
      socket.onopen = socket.onmessage = socket.onclose = null;
      if (this.socket === socket) this.socket = null;
      if (this.over) return;
      if (code === CLOSE_NO_RIGHT) return this.refuse();
      if (code === CLOSE_NOT_SIGNED_IN && ++this.refusals >= TICKETS) return this.refuse();
      this.wait();
    };
  }

  private wait(): void {
    if (this.over) return;
    this.options.state('waiting');
    const cap = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.tries++, 10));
    this.unwait = this.options.after(cap * (0.5 + this.options.random() / 2), () => this.start());
  }

  private refuse(): void {
    if (this.over) return;
    this.stop();
    this.options.state('refused');
  }

  private hangUp(): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** What the relay said; none when it is no JSON. Kinds that a newer desk adds mean nothing to whoever listens. */
function parse(data: unknown): MirrorFrame | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as MirrorFrame;
  } catch {
    return null;
  }
}
