/** Who is signed in, and what happens when that ends. */
import { effect, signal } from '@preact/signals';
import type { Me } from '@balie/protocol';
import { session } from '../api/calls';
import { maySignedIn, onSignedOut, statusOf } from '../api/http';
import { chosenHere, language, setLanguage } from '../text/index';
import { connect, disconnect, linkStatus, state } from './desk';

/** `expired`: the screen stays, a dialog asks to log in again. */
export type Phase = 'starting' | 'out' | 'in' | 'expired' | 'unreachable';
export const phase = signal<Phase>('starting');

let agent: Me | null = null;

const WISH = 'balie.log-out';
const AGAIN_MS = 3_000;
/** Somebody logged out here while the server was away: it still takes the cookie of this browser for signed in. */
export const owesLogOut = signal(isOwed());

export async function resume(): Promise<void> {
  await payLogOut();
  if (!maySignedIn() || owesLogOut.peek()) {
    phase.value = 'out';
    return;
  }
  phase.value = 'starting';
  try {
    enter((await session.read()).me, false);
  } catch (error) {
    phase.value = statusOf(error) === 401 ? 'out' : 'unreachable';
  }
}

export async function logIn(email: string, password: string): Promise<void> {
  const owed = isOwed();
  if (owed) {
    await endSession();
    // Before there is a new session, or another window might end that one.
    owe(false);
  }
  const { me } = await session.begin(email, password).catch((error: unknown) => {
    if (owed) owe(true);
    throw error;
  });
  if (agent && agent.id !== me.id) location.reload();
  else enter(me, true);
}

export async function logOut(): Promise<void> {
  // Kept before it is tried: whoever closes the laptop right now has logged out too.
  owe(true);
  disconnect();
  await payLogOut();
  tabs?.postMessage('out');
  // Whoever logs in next at this desk finds nothing of this agent in memory: no drafts, no talks.
  if (!owesLogOut.peek()) location.reload();
  phase.value = 'out';
}

/** End the session that is owed its end, now or as soon as the server is back. */
async function payLogOut(): Promise<void> {
  owesLogOut.value = isOwed();
  if (!owesLogOut.peek()) return;
  if (!maySignedIn() || (await endSession())) owe(false);
  else setTimeout(() => void payLogOut(), AGAIN_MS);
}

/** Whether the server has ended the session, or knew of none. */
async function endSession(): Promise<boolean> {
  try {
    await session.end();
  } catch (error) {
    return statusOf(error) === 401;
  }
  return true;
}

function isOwed(): boolean {
  return localStorage.getItem(WISH) !== null;
}

function owe(wish: boolean): void {
  owesLogOut.value = wish;
  if (wish) localStorage.setItem(WISH, '1');
  else localStorage.removeItem(WISH);
}

export async function changeLanguage(next: Me['language']): Promise<void> {
  setLanguage(next);
  if (phase.peek() === 'in') await session.change({ language: next }).catch(() => undefined);
}

function enter(me: Me, fresh: boolean): void {
  agent = me;
  phase.value = 'in';
  // Chosen on this device (perhaps on the log-in page): that holds. Else the agent's own.
  if (!chosenHere()) setLanguage(me.language);
  else if (fresh && me.language !== language.peek()) void changeLanguage(language.peek());
  connect(me);
  if (fresh) tabs?.postMessage('in');
}

const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('balie-session') : null;

export function watchSession(): void {
  onSignedOut(() => {
    if (phase.peek() === 'in') phase.value = 'expired';
  });
  effect(() => {
    const status = linkStatus.value;
    if (status.state === 'stopped' && status.reason !== 'asked' && phase.peek() === 'in') {
      phase.value = state.peek() ? 'expired' : 'out';
    }
  });
  tabs?.addEventListener('message', ({ data }) => {
    if (data === 'out' && phase.peek() !== 'out') location.reload();
    if (data === 'in' && phase.peek() !== 'in') void resume();
  });
}
