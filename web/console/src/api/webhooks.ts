/** Webhooks as typed calls; for admins. */
import { ask } from './http';

export const EVENTS = [
  'conversation.opened',
  'message.added',
  'conversation.assigned',
  'conversation.closed',
  'conversation.reopened',
  'contact.changed',
  'note.added',
] as const;
export type EventType = (typeof EVENTS)[number];
export type DeliveryState = 'due' | 'trying' | 'sent' | 'unknown' | 'dead';

export interface Webhook {
  id: string;
  url: string;
  description: string;
  events: EventType[];
  active: boolean;
  offReason: '' | 'person' | 'gone' | 'failing';
  createdAt: number;
  changedAt: number;
  oldSecretUntil: number | null;
  failingSince: number | null;
}

export type WebhookFields = Pick<Webhook, 'url' | 'description' | 'events' | 'active'>;

export interface WebhookSecret {
  webhook: Webhook;
  secret: string;
}

export interface Delivery {
  id: string;
  number: number;
  topic: EventType | 'webhook.test';
  state: DeliveryState;
  attempts: number;
  createdAt: number;
  dueAt: number;
  settledAt: number | null;
  reason: string;
}

export interface Attempt {
  attempt: number;
  at: number;
  tookMs: number;
  result: 'sent' | 'retry' | 'refused' | 'unknown';
  status: number | null;
  reason: string;
  request: string;
  response: string;
}

export interface DeliveryPage {
  items: Delivery[];
  next: number | null;
  counts: Partial<Record<DeliveryState, number>>;
}

export interface DeliveryDetail {
  delivery: Delivery;
  body: string;
  attempts: Attempt[];
}

export const webhooks = {
  list: () => ask<{ items: Webhook[] }>('GET', '/webhooks'),
  add: (fields: WebhookFields) => ask<WebhookSecret>('POST', '/webhooks', fields),
  change: (id: string, fields: WebhookFields) => ask<Webhook>('PUT', `/webhooks/${id}`, fields),
  remove: (id: string) => ask<undefined>('DELETE', `/webhooks/${id}`),
  rotate: (id: string) => ask<WebhookSecret>('POST', `/webhooks/${id}/secret`, {}),
  test: (id: string) => ask<Delivery>('POST', `/webhooks/${id}/tests`),
  log: (id: string, state: DeliveryState | null, before: number | null) =>
    ask<DeliveryPage>('GET', `/webhooks/${id}/deliveries?limit=25${state ? `&state=${state}` : ''}${before ? `&before=${before}` : ''}`),
  delivery: (id: string, delivery: string) => ask<DeliveryDetail>('GET', `/webhooks/${id}/deliveries/${delivery}`),
  replay: (id: string, delivery: string) => ask<Delivery>('POST', `/webhooks/${id}/deliveries/${delivery}/replays`),
  replayFailed: (id: string, since: number) => ask<{ count: number }>('POST', `/webhooks/${id}/replays`, { since }),
};
