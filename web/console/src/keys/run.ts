/** What each action does here and now, and whether it can be done. Keys, buttons and the command bar share it. */
import { conversation, me } from '../model/desk';
import { step } from '../model/list';
import { close, copyLink, handBack, reopen, takeAndReply, toggleStatus } from '../model/actions';
import { contextOpen, toggleTheme } from '../model/prefs';
import { openView, route } from '../model/route';
import { logOut } from '../model/session';
import { contextFloats } from '../look/current';
import { canLookAlong, chooseTool, hasPicture, lookAlong, mayUse, openCode, stopLooking, toggleFollow, toggleFull } from '../look/deeds';
import { commandsOpen, composeTab, contactPage, focusComposer, focusRow, helpOpen, settingsOpen } from '../model/ui';
import type { ActionId } from './table';

interface Deed {
  can?: () => boolean;
  run: () => void;
}

const shown = () => conversation(route.peek().conversation);
const id = () => shown()?.id ?? '';
const isOpen = () => shown()?.status === 'open';

export const DEEDS: Record<ActionId, Deed> = {
  next: { run: () => step(1) && focusRow() },
  previous: { run: () => step(-1) && focusRow() },
  open: { can: () => !!shown(), run: () => focusComposer('message') },
  gotoUnassigned: { run: () => goTo('unassigned') },
  gotoMine: { run: () => goTo('mine') },
  gotoAll: { run: () => goTo('all') },
  gotoClosed: { run: () => goTo('closed') },
  take: { can: () => isOpen() && shown()?.assignee?.id !== me.peek()?.id, run: () => void takeAndReply(id()) },
  reply: { can: () => !!shown(), run: () => focusComposer('message') },
  note: { can: () => !!shown(), run: () => focusComposer('note') },
  close: { can: isOpen, run: () => void close(id()) },
  reopen: { can: () => shown()?.status === 'closed', run: () => void reopen(id()) },
  assign: { can: isOpen, run: () => document.querySelector<HTMLElement>('#assign')?.click() },
  handBack: { can: () => isOpen() && !!shown()?.assignee, run: () => void handBack(id()) },
  context: { can: () => !!shown(), run: toggleContext },
  copyLink: { can: () => !!shown(), run: () => void copyLink(id()) },
  lookAlong: { can: canLookAlong, run: () => lookAlong(id()) },
  lookCode: { run: openCode },
  lookStop: { can: hasPicture, run: stopLooking },
  toolPoint: { can: () => mayUse('point'), run: () => chooseTool('point') },
  toolMark: { can: () => mayUse('mark'), run: () => chooseTool('mark') },
  toolDraw: { can: () => mayUse('draw'), run: () => chooseTool('draw') },
  toolAct: { can: () => mayUse('act'), run: () => chooseTool('act') },
  lookFollow: { can: hasPicture, run: toggleFollow },
  lookFull: { can: hasPicture, run: toggleFull },
  send: { can: () => false, run: () => undefined },
  newline: { can: () => false, run: () => undefined },
  canned: { can: () => !!shown(), run: () => openCanned() },
  switchTab: {
    can: () => !!shown(),
    run: () => focusComposer(composeTab.peek() === 'note' ? 'message' : 'note'),
  },
  commands: { run: () => (commandsOpen.value = !commandsOpen.peek()) },
  help: { run: () => (helpOpen.value = true) },
  settings: { run: () => (settingsOpen.value = 'me') },
  theme: { run: toggleTheme },
  status: { run: toggleStatus },
  logout: { run: () => void logOut() },
  escape: { can: () => false, run: () => undefined },
};

export function can(action: ActionId): boolean {
  return DEEDS[action].can?.() ?? true;
}

/** Do it if it can be done; says whether it was. */
export function perform(action: ActionId): boolean {
  if (!can(action)) return false;
  DEEDS[action].run();
  return true;
}

function goTo(view: Parameters<typeof openView>[0]): void {
  openView(view);
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('.row[tabindex="0"]');
    (first ?? document.querySelector<HTMLElement>('.tab[aria-current="page"]'))?.focus();
  });
}

export function toggleContext(): void {
  if (contextFloats.peek()) contactPage.value = !contactPage.peek();
  else contextOpen.value = !contextOpen.peek();
}

function openCanned(): void {
  focusComposer(composeTab.peek());
  requestAnimationFrame(() => document.querySelector<HTMLElement>('#canned')?.click());
}
