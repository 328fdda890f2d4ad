/** Nothing here, and what to do about it. */
import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '@balie/ui';

interface EmptyProps {
  icon: IconNode;
  title: string;
  text: string;
  children?: ComponentChildren;
}

export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon icon={icon} size={20} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="empty-actions">{children}</div>}
    </div>
  );
}
