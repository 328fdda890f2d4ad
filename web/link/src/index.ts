export * from './backoff';
export * from './http';
export * from './indexeddb';
export * from './link';
export * from './outbox-store';
export * from './platform';
export * from './types';
export * from './uuid';
