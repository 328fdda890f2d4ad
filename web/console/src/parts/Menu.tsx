/** A button with a popover menu (ARIA menu button): arrows move, letters jump, Esc gives the focus back. */
import type { IconNode } from 'lucide';
import { Check } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { ActionId } from '../keys/table';
import { Icon } from '@balie/ui';
import { ActionKey } from './Keys';
import { placePopover } from './popover';

export interface MenuItem {
  label: string;
  run: () => void;
  icon?: IconNode;
  help?: string;
  /** For choices: a tick when chosen. */
  chosen?: boolean;
  action?: ActionId;
  tone?: 'bad';
  /** A line above this item. */
  apart?: boolean;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  trigger: ComponentChildren;
  class?: string;
  head?: ComponentChildren;
  id?: string;
}

export function Menu({ label, items, trigger, class: name = 'icon-button', head, id }: MenuProps) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);

  const show = (last = false) => {
    if (!popover.current || !button.current) return;
    popover.current.showPopover();
    placePopover(popover.current, button.current);
    const all = itemsOf(popover.current);
    all[last ? all.length - 1 : 0]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        id={id}
        type="button"
        class={name}
        aria-label={label}
        data-tip={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={list}
        onClick={() => (open ? popover.current?.hidePopover() : show())}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            show(event.key === 'ArrowUp');
          }
        }}
      >
        {trigger}
      </button>
      <div
        ref={popover}
        class="menu"
        popover="auto"
        onToggle={(event) => {
          const opened = event.newState === 'open';
          setOpen(opened);
          if (!opened && popover.current?.contains(document.activeElement)) button.current?.focus();
        }}
        onKeyDown={(event) => popover.current && moveIn(popover.current, event)}
      >
        {head}
        <div id={list} role="menu" aria-label={label}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={item.chosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.chosen}
              tabIndex={-1}
              class={`menu-item${item.tone === 'bad' ? ' is-bad' : ''}${item.apart ? ' is-apart' : ''}`}
              onClick={() => {
                popover.current?.hidePopover();
                button.current?.focus();
                item.run();
              }}
            >
              {item.chosen === undefined ? item.icon && <Icon icon={item.icon} /> : <Icon icon={Check} class={item.chosen ? '' : 'is-hidden'} />}
              <span class="menu-text">
                {item.label}
                {item.help && <small>{item.help}</small>}
              </span>
              {item.action && <ActionKey action={item.action} />}
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function moveIn(menu: HTMLElement, event: KeyboardEvent): void {
  const all = itemsOf(menu);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  } else if (event.key === 'Tab') {
    menu.hidePopover();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const letter = event.key.toLowerCase();
    const next = [...all.slice(at + 1), ...all].find((item) => item.textContent.trim().toLowerCase().startsWith(letter));
    next?.focus();
    event.stopPropagation();
  }
}
