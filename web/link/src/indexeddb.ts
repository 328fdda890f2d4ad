import { type Entry, memoryOutbox, type OutboxStore } from './outbox-store';

const DATABASE = 'balie';
const TABLE = 'outbox';
const OPEN_LIMIT_MS = 2_000;
/** Places of entries kept in memory come after all stored ones. */
const AFTER_STORED = 2 ** 52;

/**
 * The stored outbox of this origin. Where the browser blocks IndexedDB, or a write fails, entries are kept in memory
 * instead: they are still sent, but do not survive the page.
 */
export function openOutbox(database: IDBFactory | null = browserDatabase()): OutboxStore {
  const memory = memoryOutbox(AFTER_STORED);
  let opened: Promise<IDBDatabase | null> | null = null;

  const open = (): Promise<IDBDatabase | null> => {
    opened ??= openDatabase(database, () => (opened = null));
    return opened;
  };
  /** Runs in one transaction; `instead` when there is no database or it says no. */
  async function run<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => Promise<T>, instead: () => Promise<T>): Promise<T> {
    const db = await open();
    if (!db) return instead();
    try {
      const transaction = db.transaction(TABLE, mode, { durability: 'relaxed' });
      const done = settled(transaction);
      const [result] = await Promise.all([work(transaction.objectStore(TABLE)), done]);
      return result;
    } catch {
      return instead();
    }
  }

  return {
    all: async (scope) => {
      const range = IDBKeyRange.bound([scope], [scope, []]);
      const stored = await run('readonly', (table) => answer(table.index('place').getAll(range) as IDBRequest<Entry[]>), () => Promise.resolve([]));
      return [...stored, ...(await memory.all(scope))];
    },
    add: (entry) =>
      run(
        'readwrite',
        async (table) => {
          const last = await answer(table.index('n').openKeyCursor(null, 'prev'));
          const n = Number(last?.key ?? 0) + 1;
          await answer(table.add({ ...entry, n }));
          return n;
        },
        () => memory.add(entry),
      ),
    update: async (entry) => {
      await memory.update(entry);
      await run(
        'readwrite',
        async (table) => {
          if ((await answer(table.count(entry.cid))) > 0) await answer(table.put(entry));
        },
        () => Promise.resolve(),
      );
    },
    remove: async (cid) => {
      await memory.remove(cid);
      await run('readwrite', (table) => answer(table.delete(cid)), () => Promise.resolve());
    },
  };
}

function browserDatabase(): IDBFactory | null {
  try {
    return (globalThis as { indexedDB?: IDBFactory }).indexedDB ?? null;
  } catch {
    return null; // some browsers throw at the mere look when storage is blocked
  }
}

function openDatabase(database: IDBFactory | null, onClosed: () => void): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    if (!database) return resolve(null);
    const timer = setTimeout(() => resolve(null), OPEN_LIMIT_MS);
    const done = (db: IDBDatabase | null): void => {
      clearTimeout(timer);
      resolve(db);
    };
    try {
      const request = database.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        const table = request.result.createObjectStore(TABLE, { keyPath: 'cid' });
        table.createIndex('n', 'n');
        table.createIndex('place', ['scope', 'n']);
      };
      request.onerror = () => done(null);
      request.onsuccess = () => {
        const db = request.result;
        db.onclose = onClosed;
        db.onversionchange = () => {
          db.close();
          onClosed();
        };
        done(db);
      };
    } catch {
      done(null);
    }
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage failed'));
  });
}

function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('storage aborted'));
  });
}
