/** Every key of the console, once. Dispatch, tooltips, `?` and the command bar all read this table. */

export type Group = 'move' | 'conversation' | 'look' | 'write' | 'app';

export type ActionId =
  | 'next'
  | 'previous'
  | 'open'
  | 'gotoUnassigned'
  | 'gotoMine'
  | 'gotoAll'
  | 'gotoClosed'
  | 'take'
  | 'reply'
  | 'note'
  | 'close'
  | 'reopen'
  | 'assign'
  | 'handBack'
  | 'context'
  | 'copyLink'
  | 'lookAlong'
  | 'lookCode'
  | 'lookStop'
  | 'toolPoint'
  | 'toolMark'
  | 'toolDraw'
  | 'toolAct'
  | 'lookFollow'
  | 'lookFull'
  | 'send'
  | 'newline'
  | 'canned'
  | 'switchTab'
  | 'commands'
  | 'help'
  | 'settings'
  | 'theme'
  | 'status'
  | 'logout'
  | 'escape';

export interface Key {
  action: ActionId;
  group: Group;
  /** Ways to press it; 'g m' is g, then m; 'Mod' is Cmd on a Mac and Ctrl elsewhere. */
  combos: readonly string[];
  /** 'page': only outside text fields and dialogs; 'always': everywhere; 'shown': another part listens, shown only. */
  where: 'page' | 'always' | 'shown';
}

export const KEYS: readonly Key[] = [
  { action: 'next', group: 'move', combos: ['j', '↓'], where: 'page' },
  { action: 'previous', group: 'move', combos: ['k', '↑'], where: 'page' },
  { action: 'open', group: 'move', combos: ['Enter'], where: 'shown' },
  { action: 'gotoUnassigned', group: 'move', combos: ['g u'], where: 'page' },
  { action: 'gotoMine', group: 'move', combos: ['g m'], where: 'page' },
  { action: 'gotoAll', group: 'move', combos: ['g a'], where: 'page' },
  { action: 'gotoClosed', group: 'move', combos: ['g c'], where: 'page' },
  { action: 'take', group: 'conversation', combos: ['t'], where: 'page' },
  { action: 'reply', group: 'conversation', combos: ['r'], where: 'page' },
  { action: 'note', group: 'conversation', combos: ['n'], where: 'page' },
  { action: 'close', group: 'conversation', combos: ['e'], where: 'page' },
  { action: 'reopen', group: 'conversation', combos: ['Shift+E'], where: 'page' },
  { action: 'assign', group: 'conversation', combos: ['a'], where: 'page' },
  { action: 'handBack', group: 'conversation', combos: ['b'], where: 'page' },
  { action: 'context', group: 'conversation', combos: ['i'], where: 'page' },
  { action: 'copyLink', group: 'conversation', combos: [], where: 'page' },
  { action: 'lookAlong', group: 'look', combos: ['l'], where: 'page' },
  { action: 'lookCode', group: 'look', combos: ['Shift+L'], where: 'page' },
  { action: 'toolPoint', group: 'look', combos: ['p'], where: 'page' },
  { action: 'toolMark', group: 'look', combos: ['h'], where: 'page' },
  { action: 'toolDraw', group: 'look', combos: ['d'], where: 'page' },
  { action: 'toolAct', group: 'look', combos: ['c'], where: 'page' },
  { action: 'lookFollow', group: 'look', combos: ['v'], where: 'page' },
  { action: 'lookFull', group: 'look', combos: ['f'], where: 'page' },
  { action: 'lookStop', group: 'look', combos: ['Shift+S'], where: 'page' },
  { action: 'send', group: 'write', combos: ['Enter'], where: 'shown' },
  { action: 'newline', group: 'write', combos: ['Shift+Enter'], where: 'shown' },
  { action: 'canned', group: 'write', combos: ['/'], where: 'page' },
  { action: 'switchTab', group: 'write', combos: ['Mod+Shift+N'], where: 'shown' },
  { action: 'commands', group: 'app', combos: ['Mod+K'], where: 'always' },
  { action: 'help', group: 'app', combos: ['?'], where: 'page' },
  { action: 'settings', group: 'app', combos: [','], where: 'page' },
  { action: 'status', group: 'app', combos: ['s'], where: 'page' },
  { action: 'theme', group: 'app', combos: ['Shift+T'], where: 'page' },
  { action: 'logout', group: 'app', combos: [], where: 'page' },
  { action: 'escape', group: 'app', combos: ['Esc'], where: 'shown' },
];

const byAction = new Map(KEYS.map((key) => [key.action, key]));

export function keyOf(action: ActionId): Key | undefined {
  return byAction.get(action);
}

/** How a combination is printed on this machine: 'Mod+K' is '⌘ K' or 'Ctrl K'. */
export function caps(combo: string, mac: boolean): string[] {
  return combo.split(/[+ ]/).map((part) => (part === 'Mod' ? (mac ? '⌘' : 'Ctrl') : part === 'Shift' ? '⇧' : part.length === 1 ? part.toUpperCase() : part));
}
