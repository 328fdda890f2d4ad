/** Where the agent is: /console/inbox/{view}/{conversation?}. The address is the state; back and forward work. */
import { signal } from '@preact/signals';
import type { View } from '../api/calls';

export const VIEWS: readonly View[] = ['unassigned', 'mine', 'all', 'closed'];
const BASE = '/console/';

export interface Route {
  view: View;
  conversation: string | null;
}

export function parse(path: string): Route {
  const [page, view, conversation] = path.slice(BASE.length).split('/').map(decode);
  if (page !== 'inbox' || !isView(view)) return { view: 'unassigned', conversation: null };
  return { view, conversation: conversation && /^cnv_[0-9a-z]+$/.test(conversation) ? conversation : null };
}

export function pathOf({ view, conversation }: Route): string {
  return `${BASE}inbox/${view}${conversation ? `/${conversation}` : ''}`;
}

export const route = signal<Route>(typeof location === 'undefined' ? parse('') : parse(location.pathname));

/** Go there. `replace` for moves that Back need not undo, such as stepping through a list. */
export function go(next: Route, replace = false): void {
  const path = pathOf(next);
  if (path !== location.pathname) history[replace ? 'replaceState' : 'pushState'](null, '', path);
  route.value = next;
}

export function openConversation(conversation: string | null, replace = false): void {
  go({ view: route.peek().view, conversation }, replace);
}

export function openView(view: View): void {
  go({ view, conversation: null });
}

export function followHistory(): void {
  go(route.peek(), true);
  addEventListener('popstate', () => {
    route.value = parse(location.pathname);
  });
}

function isView(text: string | undefined): text is View {
  return VIEWS.some((view) => view === text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
