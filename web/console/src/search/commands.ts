/** What the command bar offers for a search: actions, lists, conversations, contacts, canned replies. */
import type { CannedReply, Conversation } from '@balie/protocol';
import type { ActionId } from '../keys/table';
import { codeIn } from '../look/code';
import { fold, rank } from './rank';

export type Group = 'actions' | 'views' | 'conversations' | 'contacts' | 'replies';

export type Found =
  | { group: 'actions' | 'views'; action: ActionId; title: string }
  | { group: 'actions'; code: string; title: string }
  | { group: 'conversations' | 'contacts'; row: Conversation; title: string; detail: string }
  | { group: 'replies'; reply: CannedReply; title: string; detail: string };

export interface Sources {
  actions: readonly { action: ActionId; title: string; view: boolean }[];
  conversations: readonly Conversation[];
  replies: readonly CannedReply[];
  nameOf: (row: Conversation) => string;
  /** What to call looking along with the code that was typed. */
  codeTitle: (code: string) => string;
}

const FEW = 5;
const SOME = 8;

/** The best of each group, the group with the best hit first. Without a search: actions and lists as they stand. */
export function find(search: string, sources: Sources): Found[] {
  const actions = sources.actions.filter((one) => !one.view).map(({ action, title }) => ({ group: 'actions' as const, action, title }));
  const views = sources.actions.filter((one) => one.view).map(({ action, title }) => ({ group: 'views' as const, action, title }));
  if (!search.trim()) return [...actions, ...views];
  const code = codeIn(search);
  const groups = [
    rank<Found>(search, actions, (one) => [fold(one.title)], SOME),
    rank<Found>(search, views, (one) => [fold(one.title)], FEW),
    rank<Found>(search, conversationsOf(sources), conversationTexts, SOME),
    rank<Found>(search, contactsOf(sources), contactTexts, FEW),
    rank<Found>(search, sources.replies.map(replyFound), (one) => ['', fold(one.title), ...replyTexts(one)], FEW),
  ];
  const found = groups
    .filter((group) => group.length > 0)
    .sort((a, b) => (b[0]?.score ?? 0) - (a[0]?.score ?? 0))
    .flatMap((group) => group.map(({ item }) => item));
  return code === null ? found : [{ group: 'actions', code, title: sources.codeTitle(code) }, ...found];
}

function conversationsOf({ conversations, nameOf }: Sources): Found[] {
  return [...conversations]
    .sort((a, b) => Number(a.status === 'closed') - Number(b.status === 'closed') || b.lastAt - a.lastAt)
    .map((row) => ({ group: 'conversations', row, title: nameOf(row), detail: row.last?.text ?? '' }));
}

function conversationTexts(found: Found): string[] {
  if (found.group !== 'conversations') return [];
  return [fold(found.title), `${found.row.number}`, `#${found.row.number}`, fold(found.detail)];
}

/** Each contact once, by their newest conversation; only those who told more than a name. */
function contactsOf({ conversations, nameOf }: Sources): Found[] {
  const newest = new Map<string, Conversation>();
  for (const row of conversations) {
    const known = newest.get(row.contact.id);
    if ((row.contact.email || row.contact.phone) && (!known || known.lastAt < row.lastAt)) newest.set(row.contact.id, row);
  }
  return [...newest.values()].map((row) => ({
    group: 'contacts',
    row,
    title: nameOf(row),
    detail: [row.contact.email, row.contact.phone].filter(Boolean).join(' · '),
  }));
}

function contactTexts(found: Found): string[] {
  if (found.group !== 'contacts') return [];
  const { email, phone } = found.row.contact;
  return ['', fold(email), phone.replace(/\D/g, ''), fold(found.title)];
}

function replyFound(reply: CannedReply): Found {
  return { group: 'replies', reply, title: reply.title, detail: reply.text };
}

function replyTexts(found: Found): string[] {
  return found.group === 'replies' ? [fold(found.reply.shortcut), `/${fold(found.reply.shortcut)}`, fold(found.reply.text)] : [];
}
