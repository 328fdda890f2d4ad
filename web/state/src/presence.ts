import type { PageView, SignalSeen } from '@balie/protocol';

/** What signals told a console: contacts on the site, the page they are on, colleagues with an open console. */
export interface Presence {
  readonly online: ReadonlySet<string>;
  readonly pages: ReadonlyMap<string, PageView>;
  readonly agents: ReadonlySet<string>;
}

export const NO_PRESENCE: Presence = { online: new Set(), pages: new Map(), agents: new Set() };

/** What is known after a signal; the same object when it says nothing of presence. */
export function seePresence(presence: Presence, signal: SignalSeen): Presence {
  switch (signal.kind) {
    case 'presence':
      return { ...presence, online: member(presence.online, signal.contact, signal.online) };
    case 'page':
      return {
        ...presence,
        online: member(presence.online, signal.contact, true),
        pages: new Map(presence.pages).set(signal.contact, signal.page),
      };
    case 'agent':
      return { ...presence, agents: member(presence.agents, signal.agent, signal.connected) };
    default:
      return presence;
  }
}

function member(all: ReadonlySet<string>, one: string, present: boolean): ReadonlySet<string> {
  if (all.has(one) === present) return all;
  const next = new Set(all);
  if (present) next.add(one);
  else next.delete(one);
  return next;
}
