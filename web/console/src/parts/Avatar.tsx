/** Initials on a quiet tint that follows from the id, so that a person keeps theirs. Decorative: the name stands beside it. */
import { User } from 'lucide';
import { Icon } from '@balie/ui';

export interface AvatarProps {
  id: string;
  name: string;
  size?: 20 | 24 | 32 | 40;
  /** Shows a dot: there now, or away. */
  presence?: 'online' | 'away' | null;
  person?: 'contact' | 'agent';
}

const TINTS = 8;

export function Avatar({ id, name, size = 32, presence = null, person = 'contact' }: AvatarProps) {
  const letters = initials(name);
  return (
    <span class={`avatar avatar-${size} tint-${tint(id)} avatar-${person}`} data-initials={letters || undefined} aria-hidden="true">
      {!letters && <Icon icon={User} size={size > 24 ? 20 : 16} />}
      {presence && <span class={`avatar-dot is-${presence}`} />}
    </span>
  );
}

/** "Jan van Dijk" is JD: the first and the last word, tussenvoegsels left out. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map((word) => (word ? (Array.from(word)[0] ?? '') : '')).join('').toUpperCase();
}

function tint(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) sum = (sum * 31 + id.charCodeAt(index)) >>> 0;
  return sum % TINTS;
}
