import type { Link, LinkOptions } from './types';

/** One side's connection to the desk: see `Link` for what it does and `LinkOptions` for what it needs. */
export function createLink(options: LinkOptions): Link {
  throw new Error(`not there yet: ${options.kind}`);
}
