// The pretended log-in: one demo account, one cookie, and a lock after three wrong passwords. Nothing is sent anywhere.

const COOKIE = 'kwelder_session=demo';
const DEMO = { email: 'marieke@voorbeeld.nl', password: 'zonnebloem-7' };
const TRIES = 3;
const LOCK_MS = 15 * 60_000;

export function isSignedIn() {
  return document.cookie.split('; ').includes(COOKIE);
}

/** → {ok}, or {left} tries, or {lockedMs}. Counts per email address and tab. */
export function signIn(email, password, remember) {
  const key = `kwelder-tries:${email.trim().toLowerCase()}`;
  const seen = JSON.parse(sessionStorage.getItem(key) ?? '{"tries":0,"at":0}');
  const age = Date.now() - seen.at;
  const tries = age < LOCK_MS ? seen.tries : 0;
  if (tries >= TRIES) return { lockedMs: LOCK_MS - age };
  if (email.trim().toLowerCase() === DEMO.email && password === DEMO.password) {
    sessionStorage.removeItem(key);
    document.cookie = `${COOKIE}; path=/demo; SameSite=Lax${remember ? '; max-age=2592000' : ''}`;
    return { ok: true };
  }
  sessionStorage.setItem(key, JSON.stringify({ tries: tries + 1, at: Date.now() }));
  return tries + 1 >= TRIES ? { lockedMs: LOCK_MS } : { left: TRIES - tries - 1 };
}

export function signOut() {
  document.cookie = 'kwelder_session=; path=/demo; max-age=0; SameSite=Lax';
}
