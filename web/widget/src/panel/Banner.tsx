import { Icon, WifiOff } from '@balie/ui';
import type { LinkStatus } from '@balie/link';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Panel } from './panel';

/** A short break heals by itself; only a longer one is worth a sentence. */
const PATIENCE_MS = 2_000;

/** Says calmly that the line is down, and what happens with what is typed. */
export function Banner({ panel: { talk, t } }: { panel: Panel }) {
  const status = talk.status.value;
  const broken = status.state === 'waiting' || status.state === 'offline' || status.state === 'connecting';
  const shown = useSignal(false);
  useEffect(() => {
    if (!broken) {
      shown.value = false;
      return;
    }
    const timer = setTimeout(() => (shown.value = true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [broken]);
  const text = trouble(status, shown.value);
  return (
    <div class="banner" role="status">
      {text && (
        <p>
          <Icon icon={WifiOff} size={16} />
          {t.value(text)}
        </p>
      )}
    </div>
  );
}

function trouble(status: LinkStatus, patienceGone: boolean): 'blocked' | 'offline' | 'unreachable' | null {
  if (status.state === 'stopped') return status.reason === 'asked' ? null : 'blocked';
  if (!patienceGone || status.state === 'live' || status.state === 'idle') return null;
  return navigator.onLine ? 'unreachable' : 'offline';
}
