/** A windowed list: only the rows near the screen exist. Every row is 60 px high. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { wantOlderClosed, closedMore } from '../model/logs';
import { rows } from '../model/list';
import { route } from '../model/route';
import { t } from '../text/index';
import { Row } from './Row';

const ROW = 60;
const AROUND = 6;

export function Rows() {
  const box = useRef<HTMLDivElement>(null);
  const [span, setSpan] = useState({ from: 0, to: 30 });
  const all = rows.value;
  const { view, conversation } = route.value;
  const at = all.findIndex((row) => row.id === conversation);

  const look = () => {
    const element = box.current;
    if (!element) return;
    const from = Math.max(0, Math.floor(element.scrollTop / ROW) - AROUND);
    const to = Math.ceil((element.scrollTop + element.clientHeight) / ROW) + AROUND;
    if (from !== span.from || to !== span.to) setSpan({ from, to });
    if (view === 'closed' && to >= all.length && closedMore.peek() === 'unknown') void wantOlderClosed();
  };
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  });
  // The chosen row is always in sight, also when the keyboard moved to it.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
    look();
  }, [conversation, at >= 0]);

  const to = Math.min(all.length, span.to);
  const from = Math.min(span.from, Math.max(0, to - 1));
  const reachable = at >= from && at < to ? at : from;
  return (
    <div class="rows" ref={box} onScroll={look}>
      <ul class="rows-all" style={{ height: `${all.length * ROW}px` }}>
        {all.slice(from, to).map((row, index) => (
          <li key={row.id} class="rows-one" style={{ transform: `translateY(${(from + index) * ROW}px)` }} aria-posinset={from + index + 1} aria-setsize={all.length}>
            <Row row={row} view={view} chosen={from + index === at} reachable={from + index === reachable} />
          </li>
        ))}
      </ul>
      {view === 'closed' && closedMore.value === 'failed' && (
        <p class="rows-failed">
          {t().list.olderFailed}{' '}
          <button type="button" class="link-button" onClick={() => void wantOlderClosed()}>
            {t().common.retry}
          </button>
        </p>
      )}
    </div>
  );
}
