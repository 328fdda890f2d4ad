/** Looking along, as typed calls: the looks themselves, and what an inbox lets agents see. */
import type { Look, LookingPolicy, Recording } from '@balie/protocol';
import { ask, askBytes } from './http';

export type ControlKind = 'scroll' | 'act';
export type Profile = LookingPolicy['profile'];

export const looks = {
  invite: (conversation: string) => ask<Look>('POST', `/conversations/${conversation}/looks`),
  of: (conversation: string) => ask<Look | null>('GET', `/conversations/${conversation}/look`),
  join: (code: string) => ask<Look>('POST', '/looks/join', { code }),
  end: (id: string) => ask<Look>('POST', `/looks/${id}/end`),
  askControl: (id: string, kind: ControlKind) => ask<Look>('POST', `/looks/${id}/control`, { kind }),
  giveBack: (id: string) => ask<Look>('DELETE', `/looks/${id}/control`),
  /** Addresses of files, for the browser to save. */
  auditOfConversation: (conversation: string) => `/v1/conversations/${conversation}/looks/audit`,
  auditOfInbox: (inbox: string, { from, to }: { from: number; to: number }) => `/v1/inboxes/${inbox}/looks/audit?from=${from}&to=${to}`,
  /** `assets`: the path below which the copy may load pictures and fonts; '' when there is none. */
  ticket: (id: string) => ask<{ ticket: string; assets?: string }>('POST', `/looks/${id}/tickets`),
};

export const recordings = {
  ask: (look: string) => ask<Look>('POST', `/looks/${look}/recording`),
  /** Also takes the question back. */
  stop: (look: string) => ask<Look>('DELETE', `/looks/${look}/recording`),
  read: (look: string) => ask<Recording>('GET', `/looks/${look}/recording`),
  piece: (look: string, n: number) => askBytes(`/looks/${look}/recording/pieces/${n}`),
  remove: (look: string) => ask<undefined>('DELETE', `/looks/${look}/recording/pieces`),
};

export const lookingPolicies = {
  read: (inbox: string) => ask<LookingPolicy>('GET', `/inboxes/${inbox}/looking-policy`),
  write: (inbox: string, next: Pick<LookingPolicy, 'version' | 'profile' | 'policy'>) => ask<LookingPolicy>('PUT', `/inboxes/${inbox}/looking-policy`, next),
  versions: (inbox: string) => ask<{ items: LookingPolicy[] }>('GET', `/inboxes/${inbox}/looking-policy/versions`),
};
