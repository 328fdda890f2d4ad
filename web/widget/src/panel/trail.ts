/** The trail of pages in this visit: told to the desk from the visitor's first act on, never before. */

import { uuidv7 } from '@balie/link';
import { isPaymentPage } from '../shared/payment';
import { readTrace, visitLasts, writeTrace } from '../shared/traces';

export interface Page {
  kind: 'page';
  visit: string;
  url: string;
  title: string;
  tab: string;
}

/** A title is often set just after the address on single-page sites. */
const TITLE_MS = 250;
const POLL_MS = 1_000;

export interface Trail {
  /** Look again where we are; `again` also when the page is the same (a new connection knows nothing). */
  look(again?: boolean): void;
  stop(): void;
}

/** `tell` answers false when there is no connection; the page is then told with the next `look(true)`. */
export function followPages(inbox: string, hasTalk: () => boolean, tell: (page: Page) => boolean): Trail {
  const tab = tabName();
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(again = false): void {
    if (isPaymentPage()) return;
    const url = location.origin + location.pathname;
    const title = document.title.slice(0, 200);
    const page = `${url}\n${title}`;
    if (page === told && !again) return;
    const now = Date.now();
    const trace = readTrace(inbox);
    const visit = visitLasts(trace, now) ? trace.visit : uuidv7();
    writeTrace(inbox, { visit, at: now, talk: hasTalk() });
    told = tell({ kind: 'page', visit, url, title, tab }) ? page : '';
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, TITLE_MS);
  };
  const unfollow = followRoutes(soon);
  return {
    look,
    stop() {
      clearTimeout(timer);
      unfollow();
    },
  };
}

/** Route changes of single-page sites, without touching the page's own history functions. */
function followRoutes(changed: () => void): () => void {
  const routes = (window as { navigation?: EventTarget }).navigation;
  if (routes) {
    routes.addEventListener('currententrychange', changed);
    return () => routes.removeEventListener('currententrychange', changed);
  }
  let last = location.pathname;
  const timer = setInterval(() => {
    if (location.pathname !== last) changed();
    last = location.pathname;
  }, POLL_MS);
  return () => clearInterval(timer);
}

/** A name that tells this browser's tabs apart, for as long as the tab lives. */
export function tabName(): string {
  try {
    const kept = sessionStorage.getItem('balie:tab') ?? uuidv7();
    sessionStorage.setItem('balie:tab', kept);
    return kept;
  } catch {
    return uuidv7();
  }
}
