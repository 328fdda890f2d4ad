/** What an agent does with a conversation. HTTP says it, the log confirms it; nothing is changed here by hand. */
import type { AgentStatus, AwayReason } from '@balie/protocol';
import { conversations } from '../api/calls';
import { statusOf } from '../api/http';
import { t } from '../text/index';
import { announce, notify } from './announce';
import { conversation, me, myself, theLink } from './desk';
import { neighbour } from './list';
import { contactName } from './names';
import { go, openConversation, pathOf, route } from './route';
import { focusComposer, focusRow, narrow } from './ui';

export async function take(id: string): Promise<boolean> {
  const agent = me.peek();
  if (!agent) return false;
  if (!(await tried(t().act.take, () => conversations.assign(id, agent.id)))) return false;
  // It leaves the waiting list; follow it to where it now stands.
  const { view, conversation: shown } = route.peek();
  if (view === 'unassigned' && shown === id) go({ view: 'mine', conversation: id }, true);
  return true;
}

export async function takeAndReply(id: string): Promise<void> {
  focusComposer('message');
  await take(id);
}

export async function assign(id: string, agent: string): Promise<void> {
  if (agent === me.peek()?.id) await take(id);
  else await tried(t().act.assign, () => conversations.assign(id, agent));
}

export async function handBack(id: string): Promise<void> {
  await tried(t().act.handBack, () => conversations.handBack(id));
}

export async function close(id: string): Promise<void> {
  const row = conversation(id);
  if (!row || row.status === 'closed') return;
  const next = neighbour(id);
  if (!(await tried(t().act.close, () => conversations.close(id)))) return;
  const { view, conversation: shown } = route.peek();
  if (shown === id && view !== 'closed') {
    openConversation(narrow.peek() ? null : next, true);
    focusRow();
  }
  notify(t().act.closedDone(contactName(row)), {
    label: t().common.undo,
    run: () => {
      void reopen(id);
      openConversation(id);
    },
  });
}

export async function reopen(id: string): Promise<void> {
  await tried(t().act.reopen, () => conversations.reopen(id));
}

export async function copyLink(id: string): Promise<void> {
  const { view } = route.peek();
  await tried(t().act.copyLink, () => navigator.clipboard.writeText(location.origin + pathOf({ view, conversation: id })));
  announce(t().act.linkCopied);
  notify(t().act.linkCopied);
}

/** Send a reply or a note. Replying to a conversation of nobody takes it; replying to a closed one reopens it. */
export function send(id: string, text: string, note: boolean): void {
  const row = conversation(id);
  theLink()?.send({ conversation: id, text, note });
  if (note || !row) return;
  if (row.status === 'closed') void reopen(id);
  if (row.assignee === null) void take(id);
}

export function toggleStatus(): void {
  const agent = myself.peek();
  setStatus(agent?.status === 'online' ? 'away' : 'online');
}

export function setStatus(status: AgentStatus, reason: AwayReason = ''): void {
  if (!theLink()?.signal({ kind: 'status', status, reason })) notify(t().link.offline, null, 'bad');
}

async function tried(what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === 403) notify(t().settings.forbidden, null, 'bad');
    else if (status !== 401) notify(t().act.failed(what), null, 'bad');
    return false;
  }
}
