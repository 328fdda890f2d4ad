/** One calm line while the connection is gone. It waits a moment: a blink is no news. */
import { WifiOff } from 'lucide';
import { Icon } from '@balie/ui';
import { linkStatus, outbox, theLink } from '../model/desk';
import { phase } from '../model/session';
import { t } from '../text/index';
import { useLate } from '../parts/late';

export function Banner() {
  const { state } = linkStatus.value;
  if (state === 'live' || state === 'idle' || phase.value !== 'in') return null;
  return <Line offline={state === 'offline'} />;
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
