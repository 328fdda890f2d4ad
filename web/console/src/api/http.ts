/** The desk's HTTP as the signed-in agent: the CSRF token goes along, and an ended session is told to whoever listens. */
import { call, type CallOptions, Problem, uuidv7 } from '@balie/link';

export { Problem };

const BYTES_MS = 30_000;
let signedOut: () => void = () => undefined;

/** Called when a request finds that the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export async function ask<T>(method: NonNullable<CallOptions['method']>, path: string, body?: unknown): Promise<T> {
  try {
    return await call<T>(`/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(method === 'GET' ? {} : { csrf: csrf() }),
      ...(method === 'POST' ? { key: uuidv7() } : {}),
    });
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && path !== '/session') signedOut();
    throw error;
  }
}

/** What is no JSON. */
export async function askBytes(path: string): Promise<Uint8Array> {
  const answer = await fetch(`/v1${path}`, { credentials: 'same-origin', signal: AbortSignal.timeout(BYTES_MS) }).catch(() => null);
  if (answer?.status === 401) signedOut();
  if (!answer?.ok) throw new Problem(answer?.status ?? 0, answer ? await codeIn(answer) : 'network');
  return new Uint8Array(await answer.arrayBuffer());
}

async function codeIn(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as { code?: unknown } | null;
  return typeof body?.code === 'string' ? body.code : `http_${answer.status}`;
}

/** The CSRF cookie comes and goes with the session: without it there is nothing to ask the server. */
export function maySignedIn(): boolean {
  return csrf() !== '';
}

/** Behind https the cookie's name has a prefix with which browsers take it from this very host only. */
function csrf(): string {
  return cookie('__Host-balie_csrf') || cookie('balie_csrf');
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : 'unknown';
}

export function statusOf(error: unknown): number {
  return error instanceof Problem ? error.status : -1;
}
