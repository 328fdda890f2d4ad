import type { Pending } from '@balie/state';

/** A pending message as stored; `n` is its place in the queue of its scope. */
export interface Entry extends Pending {
  readonly scope: string;
  readonly n: number;
}

/** Where pending messages survive a reload. All tabs of an origin share it. */
export interface OutboxStore {
  /** The entries of a scope, in order. */
  all(scope: string): Promise<Entry[]>;
  /** Stores at the end of the queue; resolves to the place. */
  add(entry: Omit<Entry, 'n'>): Promise<number>;
  /** Replaces the entry with the same cid, if it is still there. */
  update(entry: Entry): Promise<void>;
  remove(cid: string): Promise<void>;
}

/** A store that lasts as long as the page; for browsers that block storage, and for tests. */
export function memoryOutbox(first = 1): OutboxStore {
  const entries = new Map<string, Entry>();
  let next = first;
  return {
    all: (scope) => {
      const mine = Array.from(entries.values()).filter((it) => it.scope === scope);
      return Promise.resolve(mine.sort((a, b) => a.n - b.n));
    },
    add: (entry) => {
      const n = next++;
      entries.set(entry.cid, { ...entry, n });
      return Promise.resolve(n);
    },
    update: (entry) => {
      if (entries.has(entry.cid)) entries.set(entry.cid, entry);
      return Promise.resolve();
    },
    remove: (cid) => {
      entries.delete(cid);
      return Promise.resolve();
    },
  };
}
