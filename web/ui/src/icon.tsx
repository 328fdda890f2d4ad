import type { IconNode } from 'lucide';
import { h, type VNode } from 'preact';

export interface IconProps {
  readonly icon: IconNode;
  readonly size?: 16 | 20 | 24;
  /** Needed when no visible text or tooltip names what the icon means. */
  readonly label?: string;
  readonly class?: string;
}

/** One icon of the set, in the colour of its text. */
export function Icon({ icon, size = 16, label, class: name }: IconProps): VNode {
  return h(
    'svg',
    {
      class: name,
      width: size,
      height: size,
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.75,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      ...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label }),
    },
    icon.map(([tag, attributes]) => h(tag, attributes)),
  );
}
