/** Buttons. Each may name an action, whose key then stands in its tooltip. */
import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { ActionId } from '../keys/table';
import { Icon } from '@balie/ui';

interface Common {
  onClick?: (event: MouseEvent) => void;
  disabled?: boolean | undefined;
  action?: ActionId;
  id?: string;
  class?: string;
  type?: 'button' | 'submit';
  pressed?: boolean;
  expanded?: boolean;
  popup?: 'menu' | 'listbox' | 'dialog';
  controls?: string;
  describedBy?: string;
}

interface ButtonProps extends Common {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconNode;
  tip?: string;
  children: ComponentChildren;
}

export function Button({ kind = 'plain', icon, tip, children, class: name, ...rest }: ButtonProps) {
  return (
    <button class={`button button-${kind}${name ? ` ${name}` : ''}`} {...attributes(rest)} data-tip={tip}>
      {icon && <Icon icon={icon} />}
      <span class="button-text">{children}</span>
    </button>
  );
}

interface IconButtonProps extends Common {
  icon: IconNode;
  label: string;
  size?: 16 | 20;
  children?: ComponentChildren;
}

export function IconButton({ icon, label, size = 16, children, class: name, ...rest }: IconButtonProps) {
  return (
    <button class={`icon-button${name ? ` ${name}` : ''}`} {...attributes(rest)} aria-label={label} data-tip={label}>
      <Icon icon={icon} size={size} />
      {children}
    </button>
  );
}

function attributes({ onClick, disabled, action, id, type = 'button', pressed, expanded, popup, controls, describedBy }: Common) {
  return {
    type,
    id,
    onClick,
    disabled,
    'data-action': action,
    'aria-pressed': pressed,
    'aria-expanded': expanded,
    'aria-haspopup': popup,
    'aria-controls': controls,
    'aria-describedby': describedBy,
  };
}
