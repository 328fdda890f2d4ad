/**
 * A link or a form that leads to a sister site takes the look along: a word that works once is put behind the address, where no
 * server sees it. The step waits for the word no longer than a visitor would notice.
 */

import { WORD } from '../shared/traces';

const PATIENCE_MS = 1_500;

/** `trusted`: origins that the look may go on at now. `word`: for one of them. */
export function followSisters(trusted: () => readonly string[], word: (origin: string) => Promise<string>, signal: AbortSignal): void {
  /** Elements whose step is being taken for the second time. */
  const ready = new WeakSet<Element>();

  /** Holds the step back until the word is there, then takes it anew. */
  function take(event: Event, it: Element, address: string, lead: (address: string) => void, again: () => void): void {
    if (ready.delete(it)) return;
    const origin = URL.canParse(address) ? new URL(address).origin : '';
    if (!trusted().includes(origin)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('too late')), PATIENCE_MS));
    void Promise.race([word(origin), late])
      .then((found) => {
        const url = new URL(address);
        url.hash += `${url.hash ? '&' : '#'}${WORD}${found}`;
        lead(url.href);
      })
      .catch(() => undefined)
      .then(() => {
        ready.add(it);
        again();
        // The page gets its own address back, with nothing in it that is worth keeping.
        setTimeout(() => lead(address));
      });
  }

  const listen = { capture: true, signal } as const;
  window.addEventListener('click', (event) => {
    const link = event.composedPath().find((it): it is HTMLAnchorElement => it instanceof HTMLAnchorElement && it.href !== '');
    if (!link || link.hasAttribute('download') || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    take(event, link, link.href, (address) => (link.href = address), () => link.click());
  }, listen);
  window.addEventListener('submit', (event) => {
    const form = event.target;
    const { submitter } = event;
    if (!(form instanceof HTMLFormElement)) return;
    const by = submitter instanceof HTMLButtonElement || submitter instanceof HTMLInputElement ? submitter : null;
    const from = by?.hasAttribute('formaction') ? by : form;
    const name = from === form ? 'action' : 'formaction';
    const address = new URL(from.getAttribute(name) ?? '', document.baseURI).href;
    take(event, form, address, (it) => from.setAttribute(name, it), () => form.requestSubmit(by));
  }, listen);
}
