/** What a visitor can say to the desk about a look. */

import { Problem } from '@balie/link';
import type { ControlUsed, Language, Look } from '@balie/protocol';
import type { Call, ControlKind, Ticket } from '../shared/look-bridge';
import { CONSENT_TEXT, RECORDING_TEXT } from './texts';

/** Waits between tries to tell the desk that it is over. */
const RETRY_MS = [1_000, 4_000, 15_000, 60_000];

export interface Offered {
  look: Look;
  code: string;
  expiresAt: number;
}

export type Desk = ReturnType<typeof deskOf>;

export function deskOf(call: Call) {
  const post = <T>(id: string, what: string, body: unknown) => call<T>(`looks/${id}/${what}`, 'POST', body);
  return {
    current: () => call<{ look: Look | null }>('look').then((it) => it.look),
    offer: () => call<Offered>('looks', 'POST'),
    answer: (id: string, accept: boolean, language: Language) =>
      post<Look>(id, 'answer', { accept, language, consentText: CONSENT_TEXT, address: location.origin + location.pathname }),
    /** Agreed in one more tab. */
    place: (id: string, tab: string, language: Language) =>
      post<Look>(id, 'places', { tab, language, consentText: CONSENT_TEXT, address: location.origin + location.pathname }),
    /** A word for a sister site. */
    handOver: (id: string, to: string) => post<{ token: string }>(id, 'hand-overs', { to }).then(({ token }) => token),
    pause: (id: string, by: 'visitor' | 'page') => post<Look>(id, 'pause', { by }),
    resume: (id: string, by: 'visitor' | 'page') => call<Look>(`looks/${id}/resume?by=${by}`, 'POST'),
    control: (id: string, kind: ControlKind, granted: boolean) => post<Look>(id, 'control', { kind, granted }),
    revoke: (id: string, kind: ControlKind) => call<Look>(`looks/${id}/control?kind=${kind}`, 'DELETE'),
    recording: (id: string, granted: boolean, language: Language) =>
      post<Look>(id, 'recording', { granted, language, consentText: RECORDING_TEXT }),
    /** Tries until the desk knows; false when it could not be told for now. */
    stopRecording: (id: string) => insist(() => call<Look>(`looks/${id}/recording`, 'DELETE')),
    ticket: (id: string, tab: string) => post<Ticket>(id, 'tickets', { tab }),
    /** A report that does not arrive is lost: the act itself was relayed, and the desk has seen that. */
    used: (id: string, action: Omit<ControlUsed, 'look'>) => post(id, 'actions', action).catch(() => undefined),
    /** Tries until the desk knows; false when it could not be told for now. */
    end: (id: string, reason: string) => insist(() => post(id, 'end', { reason })),
  };
}

async function insist(tell: () => Promise<unknown>): Promise<boolean> {
  for (const wait of [...RETRY_MS, 0]) {
    try {
      await tell();
      return true;
    } catch (error) {
      if (isRefused(error)) return true;
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return false;
}

/** The desk answered, and asking again will not change its mind. */
export const isRefused = (error: unknown): error is Problem =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
