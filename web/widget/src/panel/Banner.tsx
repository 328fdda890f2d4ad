import { Icon, WifiOff } from '@balie/ui';
import type { Panel } from './panel';

/** Says calmly that the line is down, and what happens with what is typed. */
export function Banner({ panel: { trouble, t } }: { panel: Panel }) {
  const what = trouble.value;
  return (
    <div class="banner" role="status">
      {what && (
        <p>
          <Icon icon={WifiOff} size={16} />
          {t.value(what)}
        </p>
      )}
    </div>
  );
}
