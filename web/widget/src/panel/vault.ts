/** One small IndexedDB table. Falls back to memory where the browser blocks storage: the chat then lasts one page. */

export interface Vault<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORE = 'visitor';

export function openVault<T>(): Vault<T> {
  const memory = new Map<string, T>();
  let database: Promise<IDBDatabase | null> | undefined;

  async function run<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>): Promise<R | undefined> {
    const db = await (database ??= open());
    if (!db) return undefined;
    return new Promise((resolve, reject) => {
      const change = db.transaction(STORE, mode);
      const request = act(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onabort = () => reject(change.error ?? new Error('aborted'));
    });
  }

  return {
    get: async (key) => (await run('readonly', (store) => store.get(key) as IDBRequest<T | undefined>)) ?? memory.get(key),
    async set(key, value) {
      memory.set(key, value);
      await run('readwrite', (store) => store.put(value, key)).catch(() => undefined);
    },
    async remove(key) {
      memory.delete(key);
      await run('readwrite', (store) => store.delete(key)).catch(() => undefined);
    },
  };
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open('balie-visitor', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = request.onblocked = () => resolve(null);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    } catch {
      resolve(null);
    }
  });
}
