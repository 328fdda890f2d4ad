/** Bubbles to come, shown only when they take longer than a blink. */
import { useLate } from '../parts/late';
import { t } from '../text/index';

export function Skeleton() {
  if (!useLate()) return <div aria-busy="true" />;
  return (
    <div class="thread-skeleton" aria-busy="true" aria-label={t().common.loading}>
      {[44, 62, 30, 52].map((width, index) => (
        <span key={width} class={`skeleton skeleton-bubble w-${width}${index % 2 ? ' is-own' : ''}`} />
      ))}
    </div>
  );
}
