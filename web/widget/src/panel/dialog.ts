/**
 * Opens the panel as the platform's dialog: beside the page on large screens, modal and full screen on small ones, so
 * that the browser itself keeps focus inside and the back gesture closes it.
 */

import { SMALL_SCREEN } from './room';

interface How {
  /** Opened by a page load: the focus stays where the page put it. */
  restore: boolean;
  field: () => HTMLElement | null;
  closed: () => void;
}

/** Answers how to close. */
export function openDialog(dialog: HTMLDialogElement, { restore, field, closed }: How): () => void {
  const small = matchMedia(SMALL_SCREEN);
  const open = () => {
    if (small.matches) dialog.showModal();
    else if (restore) dialog.setAttribute('open', '');
    else dialog.show();
  };
  const rearrange = () => {
    const focused = (dialog.getRootNode() as ShadowRoot).activeElement;
    dialog.close();
    open();
    if (focused instanceof HTMLElement) focused.focus();
  };
  const asked = (event: Event) => {
    event.preventDefault();
    closed();
  };
  open();
  // On a small screen the field's keyboard would hide half the talk before it is read.
  if (!restore) (small.matches ? dialog.querySelector('h2') : field())?.focus();
  small.addEventListener('change', rearrange);
  dialog.addEventListener('cancel', asked);
  return () => {
    small.removeEventListener('change', rearrange);
    dialog.removeEventListener('cancel', asked);
    dialog.close();
  };
}
