/** A modal `<dialog>`: the platform traps the focus, closes on Esc and gives the focus back. */
import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text/index';
import { IconButton } from './Button';

interface DialogProps {
  title: string;
  onClose: () => void;
  class?: string;
  /** No visible head: the content draws its own. The title still names the dialog. */
  bare?: boolean;
  /** Cannot be put away, such as logging in again. */
  stays?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, class: name, bare = false, stays = false, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the next key: what is typed right after the key that opened it belongs here.
  useLayoutEffect(() => {
    const from = document.activeElement;
    const dialog = box.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (from instanceof HTMLElement && from.isConnected) from.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog${name ? ` ${name}` : ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!stays && event.target === box.current) onClose();
      }}
      onPointerDown={(event) => {
        if (!stays && event.target === box.current) onClose();
      }}
    >
      <div class="dialog-body">
        {bare ? (
          <h2 id={heading} class="hidden-text">
            {title}
          </h2>
        ) : (
          <header class="dialog-head">
            <h2 id={heading} tabIndex={-1} autofocus>
              {title}
            </h2>
            <IconButton icon={X} label={t().common.close} onClick={onClose} />
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
