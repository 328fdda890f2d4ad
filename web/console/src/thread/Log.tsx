/** The log: day separators, grouped messages, notes, system lines. Stays at the newest unless the agent scrolled away. */
import { ArrowDown } from 'lucide';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Conversation } from '@balie/protocol';
import { groupByDay, type Row, typistsOf } from '@balie/state';
import { Icon } from '@balie/ui';
import { typing } from '../model/desk';
import { wantOlder, fetchingOlder } from '../model/logs';
import { contactName } from '../model/names';
import { now } from '../model/now';
import { t } from '../text/index';
import { day } from '../text/time';
import { Line } from './Line';

const NEAR = 80;

interface LogProps {
  row: Conversation;
  rows: readonly Row[];
  more: boolean;
}

export function Log({ row, rows, more }: LogProps) {
  const words = t().thread;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const height = useRef(0);
  const [behind, setBehind] = useState(0);
  const firstNew = useFirstNew(row, rows);
  const days = useMemo(() => groupByDay(rows), [rows]);
  const types = typistsOf(typing.value, row.id, Date.now()).filter((one) => one.kind === 'contact');
  const firstKey = rows[0]?.key;
  const lastKey = rows[rows.length - 1]?.key;
  const lastOwn = rows[rows.length - 1]?.row !== 'event' && (rows[rows.length - 1] as { own?: boolean } | undefined)?.own === true;

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    atEnd.current = true;
    setBehind(0);
  };
  // Opening: at the newest, or where the new messages begin when they do not fit.
  useLayoutEffect(() => {
    toEnd();
    const line = box.current?.querySelector<HTMLElement>('.new-line');
    if (line && box.current && line.offsetTop < box.current.scrollTop) box.current.scrollTop = line.offsetTop - 16;
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current || lastOwn) toEnd();
    else setBehind((count) => count + 1);
  }, [lastKey]);
  useLayoutEffect(() => {
    if (atEnd.current && types.length > 0) toEnd();
  }, [types.length]);
  // Older lines come in above: what the agent reads stays where it is.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (!atEnd.current && height.current) element.scrollTop += element.scrollHeight - height.current;
    height.current = element.scrollHeight;
  }, [firstKey]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => atEnd.current && toEnd());
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);

  const look = () => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    height.current = element.scrollHeight;
    if (atEnd.current && behind) setBehind(0);
    if (element.scrollTop < 400 && more) void wantOlder(row.id);
  };
  return (
    <div class="log-frame">
      <div class="log" ref={box} role="log" aria-label={words.log} aria-live="off" tabIndex={0} onScroll={look}>
        {more && fetchingOlder.value === row.id && <p class="log-older">{words.olderLoading}</p>}
        {days.map((one) => (
          <section key={one.day} class="day" aria-label={day(one.at, now.value)}>
            <div class="day-line">
              <span>{day(one.at, now.value)}</span>
            </div>
            <ol>
              {one.rows.map((line, index) => (
                <Line
                  key={line.key}
                  line={line}
                  row={row}
                  lead={one.leads.has(line.key)}
                  tail={endsRun(one.rows[index + 1], one.leads)}
                  fresh={line.key === firstNew}
                />
              ))}
            </ol>
          </section>
        ))}
        {types.length > 0 && (
          <p class="types">
            <span class="types-dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {words.typing(contactName(row))}
          </p>
        )}
      </div>
      {behind > 0 && (
        <button type="button" class="jump" onClick={toEnd}>
          <Icon icon={ArrowDown} />
          {words.jumpNew(behind)}
        </button>
      )}
    </div>
  );
}

function endsRun(next: Row | undefined, leads: ReadonlySet<string>): boolean {
  return !next || next.row === 'event' || leads.has(next.key);
}

/** The first message nobody had read when the conversation was opened: a line above it stays while it is open. */
function useFirstNew(row: Conversation, rows: readonly Row[]): string | null {
  const read = useRef(row.deskUnread > 0 ? row.deskMark.read : null);
  return useMemo(() => {
    const from = read.current;
    if (from === null) return null;
    const index = rows.findIndex((line) => line.row === 'message' && !line.own && (line.seq ?? 0) > from);
    return index > 0 && rows.slice(0, index).some((line) => line.row !== 'event') ? (rows[index]?.key ?? null) : null;
  }, [rows]);
}
