/** What both ends share: the protocol, and the rules of what may be seen. The ends themselves: `@balie/cobrowse/recorder`, `…/applier`. */

export * from './protocol';
export * from './rules';
