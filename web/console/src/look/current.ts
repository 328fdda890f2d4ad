/** The look on screen, for keys and the command bar; and how much room it takes. */
import { computed, signal } from '@preact/signals';
import { medium } from '../model/ui';
import type { Hands } from './hands';
import { openLook } from './looks';
import type { LookSession } from './session';

export const current = signal<{ session: LookSession; hands: Hands } | null>(null);
/** The page takes the whole window. */
export const lookFull = signal(false);
export const codeOpen = signal(false);
/** Beside the visitor's page there is no room for the contact: it lies over the rest, as on smaller screens. */
export const contextFloats = computed(() => medium.value || openLook.value !== null);

export function focusGlass(): boolean {
  const glass = document.querySelector<HTMLElement>('.look-glass');
  glass?.focus();
  return glass !== null;
}
