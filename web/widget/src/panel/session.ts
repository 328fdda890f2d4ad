/** Who this browser is to the desk: the visitor's token, kept in IndexedDB, and the tickets it buys. */

import { call, Problem } from '@balie/link';
import type { Desk } from '@balie/protocol';
import type { Options } from '../shared/bridge';
import { warn } from '../shared/developer';
import { lentKey } from '../shared/traces';
import { openVault, type Vault } from './vault';

interface Kept {
  token: string;
  /** Name and e-mail as last told to the desk. */
  claims: string;
}

interface Started {
  token: string;
  ticket: string;
  desk: Desk;
}

interface Ticket {
  ticket: string;
  token?: string | null;
  desk: Desk;
}

export interface Session {
  /** A one-time ticket for the socket; starts a session when there is none or the old one has ended. */
  ticket(): Promise<string>;
  /** Tells the desk a changed name or e-mail, once there is a session. */
  claim(): Promise<void>;
  call: <T>(path: string, method?: 'GET' | 'POST' | 'DELETE', body?: unknown) => Promise<T>;
  /** In this tab the visitor is who this token says; what the browser keeps stays as it is. */
  lend: (token: string) => void;
  forget(): Promise<void>;
}

export function createSession(options: Options, onDesk: (desk: Desk) => void, onNew: () => void): Session {
  const vault = lentFirst(openVault<Kept>());
  const url = (path: string) => `${options.desk}v1/visitor/${path}`;
  // Tabs take turns: one that starts a session or rotates the token must not race with another.
  const alone = <T>(act: () => Promise<T>): Promise<T> =>
    'locks' in navigator ? navigator.locks.request(`balie:${options.inbox}:token`, act) : act();

  async function start(): Promise<string> {
    const { inbox, language, name, email } = options;
    const answer = await call<Started>(url('sessions'), {
      method: 'POST',
      body: { inbox, language, ...(name ? { name } : {}), ...(email ? { email } : {}) },
    }).catch(finalAnswers);
    await vault.set(inbox, { token: answer.token, claims: claims(options) });
    onNew();
    onDesk(answer.desk);
    return answer.ticket;
  }

  async function renew(kept: Kept): Promise<string | null> {
    try {
      const answer = await call<Ticket>(url('tickets'), { method: 'POST', token: kept.token });
      if (answer.token) await vault.set(options.inbox, { ...kept, token: answer.token });
      onDesk(answer.desk);
      return answer.ticket;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  async function claim(): Promise<void> {
    const kept = await vault.get(options.inbox);
    const now = claims(options);
    if (!kept || kept.claims === now) return;
    const { name, email } = options;
    const body = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
    await call(url('contact'), { method: 'PATCH', token: kept.token, body });
    await vault.set(options.inbox, { ...kept, claims: now });
  }

  return {
    ticket: () =>
      alone(async () => {
        const kept = await vault.get(options.inbox);
        return (kept && (await renew(kept))) ?? start();
      }),
    claim: () => alone(claim),
    call: async <T>(path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', body?: unknown) =>
      call<T>(url(path), { method, body, token: (await vault.get(options.inbox))?.token ?? '' }),
    lend: (token) => writeLent(options.inbox, { token, claims: claims(options) }),
    forget: () => alone(() => vault.remove(options.inbox)),
  };
}

/** A visitor who came from a sister site is, in this tab, who they were there. */
function lentFirst(kept: Vault<Kept>): Vault<Kept> {
  return {
    get: async (inbox) => readLent(inbox) ?? (await kept.get(inbox)),
    set: async (inbox, value) => (readLent(inbox) ? writeLent(inbox, value) : kept.set(inbox, value)),
    async remove(inbox) {
      if (readLent(inbox)) writeLent(inbox, null);
      else await kept.remove(inbox);
    },
  };
}

function readLent(inbox: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(lentKey(inbox)) ?? 'null') as Kept | null;
  } catch {
    return lent;
  }
}

function writeLent(inbox: string, value: Kept | null): void {
  lent = value;
  try {
    if (value) sessionStorage.setItem(lentKey(inbox), JSON.stringify(value));
    else sessionStorage.removeItem(lentKey(inbox));
  } catch {
    // Storage is forbidden: it lasts as long as the page.
  }
}

/** Where storage is forbidden. */
let lent: Kept | null = null;

const claims = ({ name, email }: Options): string => JSON.stringify([name ?? null, email ?? null]);

/** An unknown inbox or a site that is not on its list will not change by asking again. */
function finalAnswers(error: unknown): never {
  if (error instanceof Problem && [400, 403, 404].includes(error.status)) {
    warn(`this page cannot chat (${error.code}). ${error.message}`);
    throw new Problem(403, error.code, error.message);
  }
  throw error;
}
