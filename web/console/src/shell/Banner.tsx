/** One calm line while the connection is gone, or the desk does without something. It waits a moment: a blink is no news. */
import { Info, WifiOff } from 'lucide';
import { Icon } from '@balie/ui';
import { degraded, linkStatus, outbox, theLink } from '../model/desk';
import { phase } from '../model/session';
import { t } from '../text/index';
import { useLate } from '../parts/late';

export function Banner() {
  const { state } = linkStatus.value;
  if (phase.value !== 'in') return null;
  if (degraded.value) return <Slower />;
  if (state === 'live' || state === 'idle') return null;
  return <Line offline={state === 'offline'} />;
}

function Slower() {
  if (!useLate(1_500)) return null;
  return (
    <div class="banner is-quiet" role="status">
      <Icon icon={Info} />
      <span>{t().link.slower}</span>
    </div>
  );
}

function Line({ offline }: { offline: boolean }) {
  const late = useLate(1_500);
  const words = t().link;
  const waiting = outbox.value.filter((one) => one.state === 'queued').length;
  if (!late && !offline) return null;
  return (
    <div class="banner" role="status">
      <Icon icon={WifiOff} />
      <span>{offline ? words.offline : words.reconnecting}</span>
      {waiting > 0 && <span class="banner-count">{words.queued(waiting)}</span>}
      <button type="button" class="link-button" onClick={() => theLink()?.start()}>
        {words.now}
      </button>
    </div>
  );
}
