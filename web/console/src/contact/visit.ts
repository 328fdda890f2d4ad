/** The visit of a contact now: fetched once, then followed by signals. */
import { signal } from '@preact/signals';
import type { PageView } from '@balie/protocol';
import { contacts, type Visit } from '../api/calls';
import { onSignal, presence } from '../model/desk';

export const visits = signal<ReadonlyMap<string, Visit>>(new Map());

export async function wantVisit(contact: string): Promise<void> {
  try {
    const visit = await contacts.visit(contact);
    visits.value = new Map(visits.peek()).set(contact, visit);
    const known = presence.peek();
    if (visit.online !== known.online.has(contact)) {
      const online = new Set(known.online);
      if (visit.online) online.add(contact);
      else online.delete(contact);
      presence.value = { ...known, online };
    }
  } catch {
    // The trail is a help, no more: signals still bring what comes.
  }
}

export function keepVisits(): void {
  onSignal((told) => {
    if (told.kind !== 'page' && told.kind !== 'presence' && told.kind !== 'page_state') return;
    const visit = visits.peek().get(told.contact);
    if (!visit) return;
    const next = told.kind === 'page' ? onPage(visit, told.page) : told.kind === 'presence' ? { ...visit, online: told.online } : { ...visit, state: told.state };
    visits.value = new Map(visits.peek()).set(told.contact, next);
  });
}

/** The visit with one more page, oldest first; the same page told again is no new one. */
export function onPage(visit: Visit, page: PageView): Visit {
  const last = visit.pages[visit.pages.length - 1];
  const again = last?.url === page.url && last.tab === page.tab;
  // How the page before stood says nothing of this one.
  const state = again || (visit.state && visit.state.url === page.url) ? visit.state : null;
  return { ...visit, online: true, current: page, state, pages: again ? visit.pages : [...visit.pages, page] };
}
