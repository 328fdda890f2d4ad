/** The line between the visitor's page and the conversation: drag it, or move it with the arrow keys. */
import { lookShare } from '../model/prefs';
import { medium } from '../model/ui';
import { t } from '../text/index';

const LEAST = 30;
const MOST = 80;
const STEP = 4;

export function shareOf(): number {
  const value = Number(lookShare.value);
  return Number.isFinite(value) ? Math.min(MOST, Math.max(LEAST, value)) : 66;
}

export function Splitter() {
  const upright = !medium.value;
  const set = (value: number) => (lookShare.value = String(Math.round(Math.min(MOST, Math.max(LEAST, value)))));
  return (
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label={t().looking.pane.splitter}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={shareOf()}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const pane = event.currentTarget.closest('.look');
        const look = pane?.getBoundingClientRect();
        const thread = pane?.nextElementSibling?.getBoundingClientRect();
        if (!look || !thread) return;
        const share = upright ? (event.clientX - look.left) / (thread.right - look.left) : (event.clientY - look.top) / (thread.bottom - look.top);
        set(share * 100);
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP, ArrowUp: -STEP, ArrowRight: STEP, ArrowDown: STEP }[event.key];
        if (by !== undefined) set(shareOf() + by);
        else if (event.key === 'Home') set(LEAST);
        else if (event.key === 'End') set(MOST);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
