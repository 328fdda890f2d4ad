import type { AgentSnapshot, Fact, Resync, SignalSeen, SignalSent, VisitorSnapshot } from '@balie/protocol';
import type { Pending } from '@balie/state';
import type { OutboxStore } from './outbox-store';
import type { Platform } from './platform';

/** Why a link gave up; only a new `start` brings it back. */
export type StopReason = 'asked' | 'bad_frame' | 'not_signed_in' | 'no_right';

/**
 * `connecting`: getting a ticket, a socket and the welcome. `live`: up to date. `waiting`: next try at `until`.
 * `offline`: waiting while the browser says there is no network (it still tries).
 */
export type LinkStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'waiting'; readonly until: number }
  | { readonly state: 'offline'; readonly until: number }
  | { readonly state: 'stopped'; readonly reason: StopReason };

interface CommonOptions {
  /** The socket's address without ticket, such as `wss://desk.example/v1/socket/visitor`. */
  readonly url: string;
  /**
   * A new one-time ticket, over HTTP. A `Problem` with status 401 or 403 stops the link; 429 waits; anything else is
   * tried again.
   */
  readonly ticket: () => Promise<string>;
  /** Whose outbox this is: the visitor's or agent's id. Tabs with the same scope share it. */
  readonly scope: string;
  readonly storage: OutboxStore;
  /** Name of this tab, a bare UUID. */
  readonly dev?: string;
  /** Clock, randomness, sockets and browser events; the browser's own unless given. */
  readonly platform?: Platform;
  /** One fact, in order. Answer `'gap'` when facts are missing before it: the link fetches them. */
  readonly onFact: (fact: Fact) => 'ok' | 'gap';
  readonly onSignal?: (signal: SignalSeen) => void;
  readonly onStatus?: (status: LinkStatus) => void;
  /** What is pending after each change, in the order of typing. */
  readonly onOutbox?: (pending: readonly Pending[]) => void;
}

export interface VisitorLinkOptions extends CommonOptions {
  readonly kind: 'visitor';
  /** How far this client is: the last seq of each conversation (`visitorCursor`). */
  readonly cursor: () => Record<string, number>;
  readonly onResync: (snapshot: VisitorSnapshot, reason: Resync['reason']) => void;
}

export interface AgentLinkOptions extends CommonOptions {
  readonly kind: 'agent';
  /** How far this client is: the position of the last fact applied, none at first. */
  readonly cursor: () => number | null;
  /** The last seq known of a conversation, 0 when unknown; tells whether an acked message is shown already. */
  readonly seqOf?: (conversation: string) => number;
  readonly onResync: (snapshot: AgentSnapshot, reason: Resync['reason']) => void;
}

export type LinkOptions = VisitorLinkOptions | AgentLinkOptions;

export interface Draftable {
  readonly text: string;
  readonly conversation?: string | null;
  readonly note?: boolean;
}

export interface Link {
  /** Connect; harmless when connected. */
  readonly start: () => void;
  /** Disconnect and let go of everything; pending messages stay stored. */
  readonly stop: () => void;
  readonly status: () => LinkStatus;
  /** Pending messages of this scope, all tabs together, in the order of typing. */
  readonly outbox: () => readonly Pending[];
  /** Store a message and send it as soon as possible. Returns its cid at once. */
  readonly send: (message: Draftable) => string;
  /** Send a failed message again: a stale one under its own cid (it may be stored), a refused one under a new one. */
  readonly retry: (cid: string) => void;
  /** Forget a failed message. */
  readonly dismiss: (cid: string) => void;
  /** This side has, or has read, the messages up to seq `upTo`. Coalesced; kept until the log confirms it. */
  readonly read: (conversation: string, upTo: number, level: 'delivered' | 'read') => void;
  /** Call on each keystroke (`on`) and when the field is emptied, sent or left (`off`); throttled here. */
  readonly typing: (conversation: string, on: boolean) => void;
  /** Send a signal now; false when there is no live connection (signals are never stored). */
  readonly signal: (signal: SignalSent) => boolean;
}
