import {
  type ClientFrame,
  CLOSE_BAD_FRAME,
  CLOSE_NO_RIGHT,
  CLOSE_NOT_SIGNED_IN,
  CLOSE_RESTART,
  CLOSE_TOO_MANY,
  type Resume,
  type ServerFrame,
} from '@balie/protocol';
import { backoff } from './backoff';
import { type Heartbeat, startHeartbeat } from './heartbeat';
import { Problem } from './http';
import type { Platform, PlatformEvent, Socket } from './platform';
import type { LinkStatus, StopReason } from './types';

const CONNECT_LIMIT_MS = 10_000;
const STUCK_MS = 3_000;
const STEADY_MS = 10_000;
const EAGER_FOR_MS = 60_000;
/** How long a desk may take to restart: until then its own word on how to spread counts. */
const RESTART_MS = 20_000;
const SPREAD_MS = 1_000;
const TOO_MANY_MS = 30_000;
const TICKET_TRIES = 3;

export interface ConnectionOptions {
  readonly url: string;
  readonly ticket: () => Promise<string>;
  readonly platform: Platform;
  /** The socket is open: say hello, with this in `resume`. */
  readonly onOpen: (resume: string) => void;
  readonly onFrame: (frame: ServerFrame) => void;
  /** No longer live, for whatever reason. */
  readonly onDown: () => void;
  readonly onStatus: (status: LinkStatus) => void;
  readonly onEvent: (event: PlatformEvent) => void;
  /** Whether a person is waiting for something to go out. */
  readonly eager: () => boolean;
}

/** One socket at a time, kept alive: when to connect, when to give a line up, how long to wait. Knows nothing of facts. */
export class Connection {
  status: LinkStatus = { state: 'idle' };
  private readonly options: ConnectionOptions;
  private socket: Socket | null = null;
  private heartbeat: Heartbeat | null = null;
  private unwatch: (() => void) | null = null;
  private timer: unknown;
  private comeBack: unknown;
  /** Counts tries, so that the late answer of an earlier one is not taken for this one's. */
  private round = 0;
  private attempt = 0;
  private refusals = 0;
  private since = 0;
  private downSince = 0;
  /** When the desk asked us to come back. */
  private hint: number | null = null;
  /** What the desk gave us to come back with, in place of a ticket over HTTP. In memory only. */
  private resume: { readonly ticket: string; readonly until: number } | null = null;
  /** Whether the socket at hand was opened with it. */
  private resuming = false;
  /** Over how long the desk wants its crowd to return. */
  private spread: number | null = null;
  /** Whether an event such as `online` may shorten the wait. */
  private hurry = true;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  start(): void {
    if (this.status.state !== 'idle' && this.status.state !== 'stopped') return;
    this.attempt = this.refusals = 0;
    this.hint = null;
    this.downSince = this.now();
    this.unwatch = this.options.platform.watch((event) => this.happened(event));
    this.connect();
  }

  stop(reason: StopReason): void {
    this.unwatch?.();
    this.unwatch = null;
    this.resume = null;
    this.hangUp();
    this.become({ state: 'stopped', reason });
  }

  /** The welcome is complete: what comes now is live. */
  live(): void {
    if (this.status.state === 'live') return;
    this.clear(this.timer);
    this.since = this.now();
    this.refusals = 0;
    this.become({ state: 'live' });
  }

  /** Give this socket up and come back, such as after a gap. */
  again(): void {
    this.hangUp();
    this.wait(this.delay());
  }

  send(frame: ClientFrame): boolean {
    if (!this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    this.hangUp();
    const round = this.round;
    this.attempt += 1;
    this.since = this.now();
    this.become({ state: 'connecting' });
    this.limit();
    if (this.resume && this.now() < this.resume.until) {
      this.open(null);
      return;
    }
    this.options.ticket().then(
      (ticket) => {
        if (round === this.round) this.open(ticket);
      },
      (error: unknown) => {
        if (round === this.round) this.noTicket(error);
      },
    );
  }

  /** `ticket`: none when the hello brings one. */
  private open(ticket: string | null): void {
    const { url } = this.options;
    let socket: Socket;
    try {
      socket = this.options.platform.socket(ticket === null ? url : `${url}?ticket=${encodeURIComponent(ticket)}`);
    } catch {
      this.again();
      return;
    }
    this.limit();
    this.socket = socket;
    socket.onopen = () => {
      this.heartbeat = startHeartbeat(
        this.options.platform.clock,
        () => this.send({ t: 'ping', d: {} }),
        () => this.again(),
      );
      // Once shown it is spent, whatever comes of it.
      const shown = ticket === null ? (this.resume?.ticket ?? '') : '';
      this.resume = null;
      this.resuming = shown !== '';
      this.options.onOpen(shown);
    };
    socket.onmessage = ({ data }) => {
      const frame = parse(data);
      this.heartbeat?.heard(frame?.t === 'pong');
      if (frame?.t === 'reconnect') this.asked(frame.d.afterMs, frame.d.spreadMs);
      else if (frame?.t === 'resume') this.given(frame.d);
      else if (frame) this.options.onFrame(frame);
    };
    socket.onclose = ({ code }) => this.closed(code);
  }

  private noTicket(error: unknown): void {
    const problem = error instanceof Problem ? error : null;
    if (problem?.status === 401) this.stop('not_signed_in');
    else if (problem?.status === 403) this.stop('no_right');
    else if (problem?.status === 429) this.tooMany(problem.retryAfter);
    else this.again();
  }

  private closed(code: number): void {
    const { resuming } = this;
    this.hangUp();
    switch (code) {
      case CLOSE_BAD_FRAME:
        return this.stop('bad_frame');
      case CLOSE_NO_RIGHT:
        return this.stop('no_right');
      case CLOSE_NOT_SIGNED_IN:
        // Spent, too old or of a session that ended: a ticket over HTTP tells which.
        if (resuming) return this.wait(this.delay());
        this.refusals += 1;
        return this.refusals >= TICKET_TRIES ? this.stop('not_signed_in') : this.wait(this.delay());
      case CLOSE_TOO_MANY:
        return this.tooMany(null);
      case CLOSE_RESTART:
        return this.wait(this.hint === null ? this.options.platform.random() * (this.spread ?? SPREAD_MS) : 0);
      default:
        return this.wait(this.delay());
    }
  }

  private tooMany(seconds: number | null): void {
    this.hangUp();
    const least = seconds === null ? TOO_MANY_MS : seconds * 1_000;
    this.wait(least + this.options.platform.random() * least, false);
  }

  /** The desk is about to restart: leave at the moment it named, so that not everybody returns at once. */
  private asked(afterMs: number, spreadMs: number): void {
    const ms = afterMs + this.options.platform.random() * spreadMs;
    this.spread = spreadMs;
    this.hint = this.now() + ms;
    this.clear(this.comeBack);
    this.comeBack = this.options.platform.clock.setTimeout(() => {
      if (this.socket) this.connect();
    }, ms);
  }

  private given({ ticket, validMs, spreadMs }: Resume): void {
    this.resume = { ticket, until: this.now() + validMs };
    this.spread = spreadMs;
  }

  private wait(ms: number, hurry = true): void {
    const now = this.now();
    const until = Math.max(now + ms, this.hint ?? 0);
    this.hurry = hurry && (this.hint ?? 0) <= now;
    this.clear(this.timer);
    this.timer = this.options.platform.clock.setTimeout(() => this.connect(), until - now);
    this.become({ state: this.options.platform.online() ? 'waiting' : 'offline', until });
  }

  private happened(event: PlatformEvent): void {
    this.options.onEvent(event);
    if (event === 'hidden') return;
    switch (this.status.state) {
      case 'live':
        this.heartbeat?.probe();
        break;
      case 'waiting':
      case 'offline':
        if (event === 'offline') this.become({ state: 'offline', until: this.status.until });
        else if (this.hurry) this.connect();
        break;
      case 'connecting':
        if (event === 'online' || this.now() - this.since > STUCK_MS) this.connect();
        break;
    }
  }

  private delay(): number {
    const down = this.now() - this.downSince;
    const eager = this.options.eager() && down < EAGER_FOR_MS;
    const spread = down < RESTART_MS && this.spread !== null ? this.spread : undefined;
    return backoff(Math.max(0, this.attempt - 1), eager, this.options.platform.random, spread);
  }

  /** A try that hangs is given up. */
  private limit(): void {
    this.clear(this.timer);
    this.timer = this.options.platform.clock.setTimeout(() => this.again(), CONNECT_LIMIT_MS);
  }

  private hangUp(): void {
    this.round += 1;
    this.clear(this.timer);
    this.clear(this.comeBack);
    this.heartbeat?.stop();
    this.heartbeat = null;
    this.resuming = false;
    const { socket } = this;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.hint !== null && this.hint <= this.now()) this.hint = null;
    if (this.status.state !== 'live') return;
    this.downSince = this.now();
    // A desk that takes us in and throws us out again must not be hammered.
    if (this.downSince - this.since >= STEADY_MS) this.attempt = 0;
    this.options.onDown();
  }

  private become(status: LinkStatus): void {
    this.status = status;
    this.options.onStatus(status);
  }

  private now(): number {
    return this.options.platform.clock.now();
  }

  private clear(timer: unknown): void {
    this.options.platform.clock.clearTimeout(timer);
  }
}

/** A frame; none when it is not one (a newer desk may send kinds that this client ignores). */
function parse(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as ServerFrame;
  } catch {
    return null;
  }
}
