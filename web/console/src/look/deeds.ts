/** What the keys and buttons of looking along do. */
import { announce } from '../model/announce';
import { conversation } from '../model/desk';
import { contactName } from '../model/names';
import { route } from '../model/route';
import { focusSoon } from '../model/ui';
import { t } from '../text/index';
import { giveBack, invite, stop } from './actions';
import { codeOpen, current, focusGlass, lookFull } from './current';
import type { Tool } from './hands';
import { lookOf, openLook, openPicture } from './looks';
import { isLive, isWaiting } from './stage';

/** Ask, or go to where it stands. */
export function lookAlong(id: string): void {
  const look = lookOf(id);
  if (look && isLive(look)) {
    if (!focusGlass()) openPicture(look);
    focusSoon('.look-glass');
  } else if (look && isWaiting(look)) {
    const row = conversation(id);
    announce(row ? t().looking.strip.asking(contactName(row)) : t().looking.waitingTip);
    focusSoon('.look-strip button');
  } else {
    void invite(id);
  }
}

export function canLookAlong(): boolean {
  const row = conversation(route.peek().conversation);
  return row?.status === 'open' || isLive(lookOf(row?.id ?? null));
}

export const hasPicture = (): boolean => current.peek() !== null && openLook.peek() !== null;

export function chooseTool(tool: Tool): void {
  current.peek()?.hands.choose(tool);
  focusGlass();
}

export const mayUse = (tool: Tool): boolean => hasPicture() && (tool !== 'act' || current.peek()?.hands.may.peek().act != null);

export function toggleFollow(): void {
  const session = current.peek()?.session;
  session?.follow(!session.following.peek());
}

export function toggleFull(): void {
  lookFull.value = !lookFull.peek();
  focusGlass();
}

export function stopLooking(): void {
  const look = openLook.peek();
  if (look) void stop(look.id);
}

export function giveControlBack(): void {
  const look = openLook.peek();
  if (look) void giveBack(look.id);
}

export function openCode(): void {
  codeOpen.value = true;
}

/** One step back, for Esc: the question, the tool, the whole window. Says whether there was one. */
export function stepBack(): boolean {
  const hands = current.peek()?.hands;
  if (!hands) return false;
  if (hands.asking.peek()) hands.asking.value = null;
  else if (hands.tool.peek() !== 'watch') hands.choose('watch');
  else if (hands.marked.peek()) hands.mark(null);
  else if (lookFull.peek()) lookFull.value = false;
  else return false;
  focusGlass();
  return true;
}
