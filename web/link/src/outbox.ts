import type { Ack, Send } from '@balie/protocol';
import type { Pending } from '@balie/state';
import type { Entry, OutboxStore } from './outbox-store';
import type { Channel, Platform } from './platform';
import { Turn } from './turn';
import type { Draftable } from './types';
import { uuidv7 } from './uuid';

/** How many messages may wait for their ack at once (RELIABILITY.md §1). */
const WINDOW = 4;
const STALE_MS = 24 * 60 * 60_000;
/** The place of an entry that is still being stored: behind all that are. */
const UNSTORED = Infinity;

/** What tabs tell each other. */
type Word = { put: Entry } | { acked: string; conversation: string; seq: number } | { gone: string };

export interface OutboxOptions {
  readonly scope: string;
  readonly storage: OutboxStore;
  readonly platform: Platform;
  /** The last seq shown of a conversation; 0 when unknown. */
  readonly seqOf: (conversation: string) => number;
  readonly onChange: (pending: readonly Pending[]) => void;
}

/**
 * Pending messages of all tabs: stored, and meanwhile sent, in order, at most four unacked, resent from the head after each
 * cut with the same cid, never dropped in silence.
 */
export class Outbox {
  private entries: readonly Entry[] = [];
  private readonly options: OutboxOptions;
  private readonly turn: Turn;
  private channel: Channel | null = null;
  private readonly inFlight = new Set<string>();
  /** Acked, logged or dismissed here: a slow read of the store must not bring them back. */
  private readonly finished = new Set<string>();
  private transmit: ((send: Send) => void) | null = null;
  /** Whether what an earlier page left is known: nothing new goes out before it. */
  private loaded = false;

  constructor(options: OutboxOptions) {
    this.options = options;
    const { clock, locks } = options.platform;
    this.turn = new Turn(clock, locks, this.name, () => this.pump());
  }

  /** Listen to the other tabs and read what an earlier page left. */
  start(): void {
    if (this.channel === null) {
      this.channel = this.options.platform.channel(this.name);
      if (this.channel) this.channel.onmessage = ({ data }) => this.told(data as Word);
    }
    this.reload();
  }

  stop(): void {
    this.close();
    this.channel?.close();
    this.channel = null;
  }

  /** The line is live: send from the head, over this connection. */
  open(transmit: (send: Send) => void): void {
    this.transmit = transmit;
    this.reload();
    this.pump();
  }

  /** The line is gone; what was not acked is sent again by the next one. */
  close(): void {
    this.transmit = null;
    this.inFlight.clear();
    this.turn.give();
  }

  list(): readonly Pending[] {
    return this.entries;
  }

  /** Whether something waits to go out. */
  waiting(): boolean {
    return this.entries.some((it) => it.state === 'queued');
  }

  add({ text, conversation = null, note = false }: Draftable): string {
    const { platform, scope } = this.options;
    const at = platform.clock.now();
    const cid = uuidv7(at);
    const entry: Entry = { cid, conversation, text, note, at, state: 'queued', code: null, scope, n: UNSTORED };
    this.change([...this.entries, entry]);
    this.store(entry);
    this.pump();
    return cid;
  }

  retry(cid: string): void {
    const entry = this.find(cid);
    if (entry?.state === 'stale') {
      this.put({ ...entry, state: 'queued', at: this.options.platform.clock.now() });
      this.pump();
    } else if (entry?.state === 'refused') {
      this.dismiss(cid);
      this.add(entry);
    }
  }

  dismiss(cid: string): void {
    const entry = this.find(cid);
    if (entry?.state !== 'stale' && entry?.state !== 'refused') return;
    this.forget(cid);
    this.tell({ gone: cid });
  }

  acked({ cid, conversation, seq }: Ack): void {
    this.tell({ acked: cid, conversation, seq });
    this.stored(cid, conversation, seq);
  }

  refused(cid: string, code: string): void {
    const entry = this.find(cid);
    this.inFlight.delete(cid);
    if (entry) this.put({ ...entry, state: 'refused', code });
    this.pump();
  }

  /** The message stands in the log: that is as good as an ack, and the log shows it from now on. */
  inLog(cid: string): void {
    if (!this.find(cid)) return;
    this.forget(cid);
    this.pump();
  }

  /** A snapshot came: it holds all that was acked before. */
  resynced(): void {
    if (this.entries.some((it) => it.state === 'sent')) this.change(this.entries.filter((it) => it.state !== 'sent'));
  }

  /** What other tabs stored, from before this tab listened. */
  reload(): void {
    const { storage, scope } = this.options;
    storage.all(scope).then(
      (stored) => {
        const kept = this.entries.filter((it) => it.n === UNSTORED || it.state === 'sent');
        const skip = new Set([...kept.map((it) => it.cid), ...this.finished]);
        this.loaded = true;
        this.change([...stored.filter((it) => !skip.has(it.cid)), ...kept]);
        this.setStale();
        this.pump();
      },
      () => {
        this.loaded = true;
        this.pump();
      },
    );
  }

  private pump(): void {
    if (!this.transmit || !this.loaded) return;
    this.setStale();
    const next = this.entries.filter((it) => it.state === 'queued' && !this.inFlight.has(it.cid));
    if (next.length + this.inFlight.size === 0) return this.turn.rest();
    if (!this.turn.mine) return this.turn.take();
    for (const { cid, text, conversation, note, at } of next) {
      if (this.inFlight.size >= WINDOW) return;
      this.inFlight.add(cid);
      this.transmit({
        cid,
        text,
        ...(conversation === null ? {} : { conversation }),
        ...(note ? { note } : {}),
        sentAt: at,
      });
    }
  }

  private store(entry: Entry): void {
    const placed = (n: number): void => {
      // The desk may have been faster than the store; other tabs need not hear of it then.
      if (this.finished.has(entry.cid)) return void this.options.storage.remove(entry.cid);
      const now = this.find(entry.cid);
      if (now?.state === 'refused') this.put({ ...now, n });
      else if (now) {
        this.change(this.entries.map((it) => (it.cid === entry.cid ? { ...it, n } : it)));
        this.tell({ put: { ...now, n } });
      }
      this.pump();
    };
    this.options.storage.add(entry).then(placed, () => placed(this.entries.length + Number.MAX_SAFE_INTEGER / 2));
  }

  private setStale(): void {
    const old = this.options.platform.clock.now() - STALE_MS;
    for (const entry of this.entries) {
      if (entry.state === 'queued' && entry.at < old && !this.inFlight.has(entry.cid)) this.put({ ...entry, state: 'stale' });
    }
  }

  /** It shows as sent until the log has it. */
  private stored(cid: string, conversation: string, seq: number): void {
    this.inFlight.delete(cid);
    if (this.find(cid)) {
      if (this.options.seqOf(conversation) >= seq) return this.inLog(cid);
      this.finish(cid);
      this.change(this.entries.map((it) => (it.cid === cid ? { ...it, state: 'sent', conversation } : it)));
    }
    this.pump();
  }

  private forget(cid: string): void {
    this.inFlight.delete(cid);
    this.finish(cid);
    this.change(this.entries.filter((it) => it.cid !== cid));
  }

  private finish(cid: string): void {
    this.finished.add(cid);
    void this.options.storage.remove(cid);
  }

  private put(entry: Entry): void {
    void this.options.storage.update(entry);
    this.change(this.entries.map((it) => (it.cid === entry.cid ? entry : it)));
    this.tell({ put: entry });
  }

  private told(word: Word): void {
    if ('acked' in word) return this.stored(word.acked, word.conversation, word.seq);
    if ('gone' in word) {
      return this.forget(word.gone);
    }
    const entry = word.put;
    if (this.finished.has(entry.cid)) return;
    this.change([...this.entries.filter((it) => it.cid !== entry.cid), entry]);
    this.pump();
  }

  private change(entries: readonly Entry[]): void {
    this.entries = [...entries].sort((a, b) => (a.n === b.n ? 0 : a.n - b.n));
    this.options.onChange(this.entries);
  }

  private find(cid: string): Entry | undefined {
    return this.entries.find((it) => it.cid === cid);
  }

  private tell(word: Word): void {
    this.channel?.postMessage(word);
  }

  private get name(): string {
    return `balie-outbox-${this.options.scope}`;
  }
}
