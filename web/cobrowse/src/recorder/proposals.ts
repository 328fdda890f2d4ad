/**
 * A page that an agent proposes to bring the visitor to. No grant covers it: the visitor is asked each time, one question at a time.
 * Only addresses of the page's own site get that far.
 */

import { LONGEST_ADDRESS, type Outcome } from '../protocol';

/** Between the beginning of one question and the next. */
export const BETWEEN_MS = 5_000;

/** The visitor's answer, or why there was none. */
export type Answer = Extract<Outcome, 'done' | 'declined' | 'unanswered' | 'visitor_busy' | 'not_viewing' | 'asked_already'>;

/** Where `address` leads from the page `here`, or why it leads nowhere. */
export function destinationOf(address: string, here: string): URL | Extract<Outcome, 'bad_address' | 'other_site' | 'same_page'> {
  const text = address.trim();
  if (text === '' || text.length > LONGEST_ADDRESS || !URL.canParse(text, here)) return 'bad_address';
  const url = new URL(text, here);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return 'bad_address';
  const from = new URL(here);
  if (url.origin !== from.origin) return 'other_site';
  return url.pathname === from.pathname && url.search === from.search ? 'same_page' : url;
}

export class Proposals {
  private readonly ask: (url: URL, watcher: number) => Promise<Answer>;
  private readonly now: () => number;
  private open = false;
  private askedAt = -Infinity;

  constructor(ask: (url: URL, watcher: number) => Promise<Answer>, now: () => number) {
    this.ask = ask;
    this.now = now;
  }

  /** What the visitor says to `url`, proposed by the agent with this window. */
  async put(url: URL, watcher: number): Promise<Answer> {
    if (this.open || this.now() - this.askedAt < BETWEEN_MS) return 'asked_already';
    this.open = true;
    this.askedAt = this.now();
    try {
      return await this.ask(url, watcher);
    } finally {
      this.open = false;
    }
  }
}
