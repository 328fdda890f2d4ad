/** All that a link needs of the browser, so that tests can hold the clock and cut the wire. */
export interface Platform {
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly socket: (url: string) => Socket;
  /** False when the browser knows that there is no network. */
  readonly online: () => boolean;
  readonly visible: () => boolean;
  /** Calls back on `online`, `offline`, `visible` and `hidden`; returns the way to stop. */
  readonly watch: (listener: (event: PlatformEvent) => void) => () => void;
  /** The Web Locks of this origin; none where the browser lacks them. */
  readonly locks: Locks | null;
  /** A channel to the other tabs of this origin; none where the browser lacks it. */
  readonly channel: (name: string) => Channel | null;
}

export type PlatformEvent = 'online' | 'offline' | 'visible' | 'hidden';

export interface Clock {
  /** Milliseconds since 1970. Must go on during sleep. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The part of WebSocket that is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface Locks {
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void>;
}

export interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The browser's own. */
export function browserPlatform(): Platform {
  return {
    clock: {
      now: () => Date.now(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => {
        clearTimeout(timer as number);
      },
    },
    random: () => Math.random(),
    socket: (url) => new WebSocket(url) as Socket,
    online: () => navigator.onLine,
    visible: () => document.visibilityState === 'visible',
    watch,
    locks: 'locks' in navigator ? navigator.locks : null,
    channel: (name) => ('BroadcastChannel' in globalThis ? (new BroadcastChannel(name) as Channel) : null),
  };
}

function watch(listener: (event: PlatformEvent) => void): () => void {
  const online = () => {
    listener('online');
  };
  const offline = () => {
    listener('offline');
  };
  const visibility = () => {
    listener(document.visibilityState === 'visible' ? 'visible' : 'hidden');
  };
  addEventListener('online', online);
  addEventListener('offline', offline);
  addEventListener('pageshow', visibility);
  document.addEventListener('visibilitychange', visibility);
  return () => {
    removeEventListener('online', online);
    removeEventListener('offline', offline);
    removeEventListener('pageshow', visibility);
    document.removeEventListener('visibilitychange', visibility);
  };
}
