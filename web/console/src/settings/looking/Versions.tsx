/** Which policies held, and since when: each version stays, for whoever has to answer for what was seen. */
import { useState } from 'preact/hooks';
import type { LookingPolicy } from '@balie/protocol';
import { lookingPolicies as api } from '../../api/looks';
import { now } from '../../model/now';
import { t } from '../../text/index';
import { exact, inList } from '../../text/time';
import { useFetched } from '../webhooks/fetched';

interface VersionsProps {
  inbox: string;
  held: LookingPolicy;
  onTake: (version: LookingPolicy) => void;
}

export function Versions({ inbox, held, onTake }: VersionsProps) {
  const words = t().policy;
  const [open, setOpen] = useState(false);
  return (
    <details class="policy-versions" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.version(held.version)}</summary>
      {open && <List inbox={inbox} held={held} onTake={onTake} />}
    </details>
  );
}

function List({ inbox, held, onTake }: VersionsProps) {
  const words = t().policy;
  const { value, failed } = useFetched(() => api.versions(inbox), [inbox, held.version]);
  if (failed) return <p class="field-error">{words.loadFailed}</p>;
  return (
    <ol class="versions">
      {value?.items.map((one) => (
        <li key={one.version}>
          <span class="version-number">{one.version}</span>
          <span class="version-words">
            {words.profiles[one.profile]} · {one.agent?.name ?? words.atStart} ·{' '}
            <time title={exact(one.createdAt)}>{inList(one.createdAt, now.value)}</time>
            <code title={words.hash}>{one.hash.slice(0, 12)}</code>
          </span>
          {one.version === held.version ? (
            <span class="quiet">{words.current}</span>
          ) : (
            <button type="button" class="link-button" onClick={() => onTake(one)}>
              {words.take}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}
