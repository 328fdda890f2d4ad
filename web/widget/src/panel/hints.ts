/**
 * What an agent may know of this page before looking along, where the inbox's policy allows it: how large it is, since when it is
 * open, and which kind of form error stands on it. Never a text, a name or a value, and no clock runs: events lead the way.
 */

import type { PageState } from '@balie/protocol';

/** `message`: the page itself says that something is wrong. The others are the browser's own words. */
const KINDS = ['required', 'pattern', 'type', 'range', 'length', 'message'] as const;
export type FormError = (typeof KINDS)[number];

export interface Told extends Pick<PageState, 'tab' | 'url' | 'viewport'> {
  sinceMs: number;
  form: FormError[];
}

export interface Hints {
  /** The desk can be told from here on; it may know nothing of this page yet. */
  tell(): void;
  stop(): void;
}

/** For so long after a form was sent, a page may still put up what is wrong. */
const ANSWER_MS = 10_000;
const SETTLE_MS = 300;
const SAID = '[aria-invalid="true"], [role="alert"]';

/** `told` answers false when this page may not tell. */
export function followForms(tab: string, told: (state: Told) => Promise<boolean>): Hints {
  /** Fields that the browser found wrong after the visitor was in them. */
  const wrong = new Set<Element>();
  const stopping = new AbortController();
  const observer = new MutationObserver(soon);
  let known = '';
  let telling = false;
  let since = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answer: ReturnType<typeof setTimeout> | undefined;

  function soon(): void {
    clearTimeout(timer);
    if (telling) timer = setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(look) : look()), SETTLE_MS);
  }

  function look(): void {
    if (stopping.signal.aborted) return;
    const url = location.origin + location.pathname;
    const state = { tab, url, viewport: { width: innerWidth, height: innerHeight }, sinceMs: 0, form: formErrors(wrong) };
    const now = JSON.stringify(state);
    if (now === known) return;
    if (known && !known.includes(JSON.stringify(url))) since = performance.now();
    known = now;
    state.sinceMs = Math.round(performance.now() - since);
    told(state).then((may) => may || stop(), () => (known = ''));
  }

  /** The page's own answer to a form may come a while after it. */
  function awaitAnswer(): void {
    clearTimeout(answer);
    observer.observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-invalid', 'role', 'hidden'] });
    answer = setTimeout(() => observer.disconnect(), ANSWER_MS);
    soon();
  }

  function stop(): void {
    stopping.abort();
    observer.disconnect();
    clearTimeout(timer);
    clearTimeout(answer);
  }

  const on = (name: string, heard: (target: Element) => void) =>
    document.addEventListener(name, ({ target }) => target instanceof Element && heard(target), { capture: true, passive: true, signal: stopping.signal });
  on('invalid', (field) => {
    wrong.add(field);
    soon();
  });
  on('focusout', (field) => {
    if (isWrong(field)) wrong.add(field);
    if (wrong.size > 0) soon();
  });
  on('change', () => known.includes('"form":[]') || soon());
  on('submit', awaitAnswer);
  on('click', (it) => it.closest('form button, form [type="submit"]') && awaitAnswer());

  return {
    tell() {
      telling = true;
      known = '';
      soon();
    },
    stop,
  };
}

/** The kinds of error that stand on the page, each once. `fields`: those that were found wrong before. */
export function formErrors(fields: Set<Element>): FormError[] {
  const found = new Set<FormError>();
  for (const field of fields) {
    const validity = field.isConnected ? (field as Partial<HTMLInputElement>).validity : undefined;
    if (!validity || validity.valid) fields.delete(field);
    else found.add(kindOf(validity));
  }
  for (const said of document.querySelectorAll(SAID)) if (saysWrong(said)) found.add('message');
  return KINDS.filter((kind) => found.has(kind));
}

function kindOf(it: ValidityState): FormError {
  if (it.valueMissing) return 'required';
  if (it.typeMismatch || it.badInput) return 'type';
  if (it.patternMismatch) return 'pattern';
  if (it.rangeOverflow || it.rangeUnderflow || it.stepMismatch) return 'range';
  return it.tooLong || it.tooShort ? 'length' : 'message';
}

/** In sight, and about a form: an alert that stands elsewhere may be about anything. */
function saysWrong(it: Element): boolean {
  if (it.getClientRects().length === 0) return false;
  if (it.getAttribute('role') !== 'alert') return true;
  return it.textContent.trim() !== '' && (it.closest('form') ?? it.parentElement?.querySelector('form')) != null;
}

function isWrong(field: Element): boolean {
  try {
    return field.matches(':user-invalid');
  } catch {
    // A browser that does not know the word: what it finds wrong on sending is told.
    return false;
  }
}
