import { describe, expect, it } from 'vitest';
import { KeyMatcher, type Press } from '../src/keys/match';
import { caps, KEYS } from '../src/keys/table';
import { en } from '../src/text/en';
import { nl } from '../src/text/nl';

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe('the table of keys', () => {
  it('gives no two actions the same key in the same place', () => {
    const page = KEYS.filter((key) => key.where !== 'shown').flatMap((key) => key.combos);
    expect(new Set(page).size).toBe(page.length);
  });

  it('has words for each action in both languages', () => {
    for (const { action } of KEYS) {
      expect(nl.act[action]).toBeTruthy();
      expect(en.act[action]).toBeTruthy();
    }
  });

  it('uses no first key of a pair alone', () => {
    const firsts = KEYS.flatMap((key) => key.combos).filter((combo) => combo.includes(' ')).map((combo) => combo.split(' ')[0]);
    for (const key of KEYS) for (const combo of key.combos) expect(firsts).not.toContain(combo);
  });

  it('prints keys as the machine has them', () => {
    expect(caps('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(caps('Mod+K', false)).toEqual(['Ctrl', 'K']);
    expect(caps('g m', false)).toEqual(['G', 'M']);
  });
});

describe('a key press', () => {
  it('is an action outside text fields only', () => {
    expect(new KeyMatcher().press(press('t'), false, 0)).toBe('take');
    expect(new KeyMatcher().press(press('t'), true, 0)).toBeNull();
  });

  it('opens the command bar everywhere, with Ctrl or Cmd', () => {
    expect(new KeyMatcher().press(press('k', { ctrlKey: true }), true, 0)).toBe('commands');
    expect(new KeyMatcher().press(press('k', { metaKey: true }), false, 0)).toBe('commands');
  });

  it('tells shift from no shift for letters, and reads ? as it is', () => {
    expect(new KeyMatcher().press(press('E', { shiftKey: true }), false, 0)).toBe('reopen');
    expect(new KeyMatcher().press(press('e'), false, 0)).toBe('close');
    expect(new KeyMatcher().press(press('?', { shiftKey: true }), false, 0)).toBe('help');
  });

  it('leaves Ctrl-C, Ctrl-R and other keys of the browser alone', () => {
    for (const key of ['c', 'r', 't', 'n', 'e']) expect(new KeyMatcher().press(press(key, { ctrlKey: true }), false, 0)).toBeNull();
  });

  it('completes a pair within its time, and is itself again after it', () => {
    const keys = new KeyMatcher();
    expect(keys.press(press('g'), false, 0)).toBeNull();
    expect(keys.press(press('a'), false, 400)).toBe('gotoAll');
    expect(keys.press(press('g'), false, 1_000)).toBeNull();
    expect(keys.press(press('a'), false, 5_000)).toBe('assign');
  });
});
