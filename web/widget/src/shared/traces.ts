/**
 * The few bytes outside IndexedDB that tell a page whether there is anything to resume.
 * Reading never writes; nothing is written before the visitor acts. All of it survives blocked storage.
 */

const VISIT_MS = 30 * 60_000;

/** `visit`: bare UUIDv7 of the running visit; `at`: last page of it; `talk`: a conversation is open or has unread messages. */
export interface Trace {
  visit: string;
  at: number;
  talk: boolean;
}

/** Comes before the word that brings a look from a sister site, at the end of an address. */
export const WORD = 'balie-look=';

const traceKey = (inbox: string) => `balie:${inbox}`;
const openKey = (inbox: string) => `balie:${inbox}:open`;
/** Who the visitor is in this tab alone, since they came from a sister site (`panel/session`). */
export const lentKey = (inbox: string) => `balie:${inbox}:lent`;
/** What this tab remembers of a look (`look/kept`). */
export const lookKey = (inbox: string) => `balie:${inbox}:look`;

export function readTrace(inbox: string): Trace | null {
  const text = read(() => localStorage.getItem(traceKey(inbox)));
  const [visit, at, talk] = text?.split(' ') ?? [];
  return visit && at && Number.isFinite(+at) ? { visit, at: +at, talk: talk === 'talk' } : null;
}

export function writeTrace(inbox: string, trace: Trace): void {
  read(() => localStorage.setItem(traceKey(inbox), `${trace.visit} ${trace.at} ${trace.talk ? 'talk' : '-'}`));
}

export function visitLasts(trace: Trace | null, now: number): trace is Trace {
  return trace !== null && now - trace.at < VISIT_MS && now >= trace.at - VISIT_MS;
}

/** Whether a fresh page should connect by itself: somebody may answer, or the trail of this visit still runs. */
export function worthResuming(trace: Trace | null, now: number): boolean {
  return trace !== null && (trace.talk || visitLasts(trace, now));
}

export const wasOpen = (inbox: string): boolean => read(() => sessionStorage.getItem(openKey(inbox))) === '1';

export function keepOpen(inbox: string, open: boolean): void {
  read(() => (open ? sessionStorage.setItem(openKey(inbox), '1') : sessionStorage.removeItem(openKey(inbox))));
}

export function forgetTraces(inbox: string): void {
  read(() => localStorage.removeItem(traceKey(inbox)));
  read(() => sessionStorage.removeItem(lookKey(inbox)));
  read(() => sessionStorage.removeItem(lentKey(inbox)));
  keepOpen(inbox, false);
}

/** Storage may be forbidden (private mode, sandboxed frame, a browser setting); then there is simply nothing kept. */
function read<T>(access: () => T): T | null {
  try {
    return access();
  } catch {
    return null;
  }
}
