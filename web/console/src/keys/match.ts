/** From a key press to an action. Pure but for the memory of a first key of two ("g", then "m"). */
import { KEYS, type ActionId } from './table';

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const NAMES: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };
const PATIENCE_MS = 1_200;

export class KeyMatcher {
  #first = '';
  #firstAt = 0;

  /** The action this press completes, or null. `typing`: the focus is in a text field or a dialog. */
  press(press: Press, typing: boolean, at: number): ActionId | null {
    const combo = written(press);
    const pair = this.#first && at - this.#firstAt < PATIENCE_MS ? `${this.#first} ${combo}` : '';
    this.#first = '';
    const found = (pair && find(pair, typing)) || find(combo, typing);
    if (!found && !typing && begins(combo)) {
      this.#first = combo;
      this.#firstAt = at;
    }
    return found;
  }
}

function find(combo: string, typing: boolean): ActionId | null {
  for (const key of KEYS) {
    if (key.where === 'shown' || (typing && key.where !== 'always')) continue;
    if (key.combos.includes(combo)) return key.action;
  }
  return null;
}

function begins(combo: string): boolean {
  return KEYS.some((key) => key.combos.some((one) => one.startsWith(combo + ' ')));
}

/** 'Mod+K', 'Shift+E', 'j', '?', '↓'. Shift counts for letters and named keys only: '?' already needed it. */
function written(press: Press): string {
  const name = NAMES[press.key] ?? press.key;
  const letter = name.length === 1 && name.toLowerCase() !== name.toUpperCase();
  const mod = press.ctrlKey || press.metaKey;
  const prefix = (mod ? 'Mod+' : '') + (press.altKey ? 'Alt+' : '');
  if (press.shiftKey && (letter || name.length > 1)) return `${prefix}Shift+${letter ? name.toUpperCase() : name}`;
  return prefix + (letter ? (prefix ? name.toUpperCase() : name.toLowerCase()) : name);
}
