/** What this tab remembers of a look over page loads: that the visitor agreed here, and what they last wanted. */

import { lookKey } from '../shared/traces';

export interface Kept {
  look: string;
  /** The tab that this was agreed in; a copy of the tab brings it along and must not use it. */
  tab: string;
  agent: string;
  consented: boolean;
  /** The visitor pressed pause here. */
  paused: boolean;
  /** Ended here with this reason; the desk has not confirmed it yet. */
  ended: string;
  /** Six digits that the visitor has not told an agent yet. */
  code: string;
  codeUntil: number;
  /** The desk's clock minus this one's. */
  skew: number;
}

export const NOTHING: Omit<Kept, 'look' | 'tab'> = {
  agent: '', consented: false, paused: false, ended: '', code: '', codeUntil: 0, skew: 0,
};

export function readKept(inbox: string): Kept | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(lookKey(inbox)) ?? 'null') as Partial<Kept> | null;
    return found && typeof found.look === 'string' && typeof found.tab === 'string' ? { ...NOTHING, ...(found as Kept) } : null;
  } catch {
    return null;
  }
}

export function writeKept(inbox: string, kept: Kept | null): void {
  try {
    if (kept) sessionStorage.setItem(lookKey(inbox), JSON.stringify(kept));
    else sessionStorage.removeItem(lookKey(inbox));
  } catch {
    // Storage is forbidden: the consent lasts as long as the page.
  }
}

/**
 * Whether this is the tab that the name was given to. A duplicated tab has a copy of the storage; the lock is held by the tab
 * that is still open. A page of the same tab lets go of it while it unloads, so a short wait is part of the question.
 */
export function isOwnTab(tab: string, locks: LockManager | undefined, waitMs = 1_000): Promise<boolean> {
  if (!locks) return Promise.resolve(true);
  return new Promise((answer) => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), waitMs);
    locks
      .request(`balie:tab:${tab}`, { signal: giveUp.signal }, () => {
        clearTimeout(timer);
        answer(true);
        return new Promise<void>(() => undefined);
      })
      .catch(() => answer(false));
  });
}
