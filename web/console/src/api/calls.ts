/** The desk's resources as typed calls. */
import type {
  Agent,
  CannedReply,
  Contact,
  Conversation,
  ConversationSnapshot,
  Fact,
  Inbox,
  Language,
  Me,
  PageState,
  PageView,
  Role,
} from '@balie/protocol';
import { ask } from './http';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Visit {
  online: boolean;
  current: PageView | null;
  pages: PageView[];
  device: string;
  /** How their page stands, where the looking policy lets agents know. */
  state: PageState | null;
}

export interface MeChange {
  language?: Language;
  name?: string;
  password?: { old: string; new: string };
}

export type ContactChange = Partial<Pick<Contact, 'name' | 'email' | 'phone' | 'language'>>;
export type ReplyFields = Omit<CannedReply, 'id'>;
export type View = 'unassigned' | 'mine' | 'all' | 'closed';

export const session = {
  read: () => ask<{ me: Me }>('GET', '/session'),
  begin: (email: string, password: string) => ask<{ me: Me }>('POST', '/session', { email, password }),
  change: (change: MeChange) => ask<{ me: Me } | undefined>('PATCH', '/session', change),
  end: () => ask<undefined>('DELETE', '/session'),
  ticket: () => ask<{ ticket: string }>('POST', '/session/ticket'),
};

export const conversations = {
  list: (view: View, cursor: string | null, limit = 100) =>
    ask<Page<Conversation>>('GET', `/conversations?view=${view}&limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`),
  read: (id: string) => ask<ConversationSnapshot>('GET', `/conversations/${id}`),
  older: (id: string, before: number) => ask<{ log: Fact[]; more: boolean }>('GET', `/conversations/${id}/facts?before=${before}`),
  assign: (id: string, agent: string) => ask<{ conversation: Conversation }>('PUT', `/conversations/${id}/assignment`, { agent }),
  handBack: (id: string) => ask<{ conversation: Conversation }>('DELETE', `/conversations/${id}/assignment`),
  close: (id: string) => ask<unknown>('PUT', `/conversations/${id}/closure`),
  reopen: (id: string) => ask<unknown>('DELETE', `/conversations/${id}/closure`),
  draft: (id: string, kind: 'message' | 'note', text: string) => ask<undefined>('PUT', `/conversations/${id}/drafts/${kind}`, { text }),
};

export const contacts = {
  change: (id: string, change: ContactChange) => ask<Contact>('PATCH', `/contacts/${id}`, change),
  visit: (id: string) => ask<Visit>('GET', `/contacts/${id}/visit`),
  conversations: (id: string) => ask<{ items: Conversation[] }>('GET', `/contacts/${id}/conversations`),
};

export const agents = {
  add: (agent: { name: string; email: string; role: Role; password: string }) => ask<unknown>('POST', '/agents', agent),
  change: (id: string, change: { name?: string; role?: Role; active?: boolean }) => ask<Agent>('PATCH', `/agents/${id}`, change),
};

export const inboxes = {
  change: (id: string, change: { name?: string; language?: Language; allowedOrigins?: string[]; calendar?: string }) =>
    ask<Inbox>('PATCH', `/inboxes/${id}`, change),
};

export const replies = {
  add: (fields: ReplyFields) => ask<CannedReply>('POST', '/replies', fields),
  change: (id: string, fields: ReplyFields) => ask<CannedReply>('PUT', `/replies/${id}`, fields),
  remove: (id: string) => ask<undefined>('DELETE', `/replies/${id}`),
};
