import { ChevronDown, daySeparator, Icon } from '@balie/ui';
import { signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { moment, shut } from './hours';
import { linesOf, type Line } from './lines';
import { Message } from './Message';
import type { Panel } from './panel';

const END_PX = 48;
const TOP_PX = 120;

/** The messages. Stays at the end while the visitor is there, and never moves under a visitor who reads back. */
export function Log({ panel }: { panel: Panel }) {
  const { talk, t, language, open } = panel;
  const say = t.value;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useSignal(true);
  const fresh = useSignal(false);
  const days = useComputed(() => linesOf(talk.state.value, talk.pending.value)).value;
  const lines = days.flatMap((day) => day.lines);
  const first = lines[0]?.key;
  const last = lines[lines.length - 1];
  const held = useRef({ first, last: last?.key, below: 0 });
  const typist = talk.typist.value;
  const live = talk.status.value.state === 'live';

  const toEnd = () => {
    const it = box.current;
    if (it) it.scrollTop = it.scrollHeight;
  };
  // Buttons that go away when used hand the focus on, or Escape would no longer reach the panel.
  const jump = () => {
    toEnd();
    box.current?.focus({ preventScroll: true });
  };
  const loadOlder = () => {
    box.current?.focus({ preventScroll: true });
    void talk.loadOlder();
  };
  const toField = () => panel.field.current?.focus();
  useLayoutEffect(() => {
    const it = box.current;
    if (!it) return;
    const before = held.current;
    const mine = last?.line === 'message' && last.row.own && last.row.pending !== null;
    if (atEnd.value || (last?.key !== before.last && mine)) toEnd();
    else if (first !== before.first) it.scrollTop = it.scrollHeight - before.below;
    else if (last?.key !== before.last) fresh.value = true;
    held.current = { first, last: last?.key, below: it.scrollHeight - it.scrollTop };
  });
  useEffect(() => {
    const it = box.current;
    if (!it) return;
    const grow = new ResizeObserver(() => atEnd.value && toEnd());
    grow.observe(it);
    return () => grow.disconnect();
  }, []);
  const seeing = open.value && atEnd.value && awake.value;
  useEffect(() => {
    if (seeing) fresh.value = false;
    talk.seen(seeing ? 'read' : 'delivered');
  }, [seeing, talk.state.value]);

  const onScroll = () => {
    const it = box.current;
    if (!it || !open.value) return;
    atEnd.value = it.scrollHeight - it.scrollTop - it.clientHeight < END_PX;
    held.current.below = it.scrollHeight - it.scrollTop;
    if (it.scrollTop < TOP_PX && talk.older.value === 'some') void talk.loadOlder();
  };

  const older = talk.older.value;
  return (
    <div class="log-frame">
      {/* The history is not announced; new messages are, by the live region beside it. */}
      <div class="log" ref={box} tabIndex={0} role="group" aria-label={say('log')} onScroll={onScroll}>
        {older !== 'none' && (
          <div class="older">
            {older === 'failed' && <p>{say('olderFailed')}</p>}
            <button type="button" class="text-button" aria-busy={older === 'loading'} onClick={loadOlder}>
              {say('older')}
            </button>
          </div>
        )}
        {older === 'none' && <Greeting panel={panel} empty={lines.length === 0} />}
        {days.map(({ day, at, lines: today }) => (
          <section key={day} class="day">
            <h3>{daySeparator(at, Date.now(), language.value)}</h3>
            <ol>
              {today.map((line) =>
                line.line === 'event' ? (
                  <Event key={line.key} line={line} panel={panel} />
                ) : (
                  <Message
                    key={line.key}
                    line={line}
                    t={say}
                    language={language.value}
                    live={live}
                    onRetry={(cid) => {
                      toField();
                      talk.link.retry(cid);
                    }}
                    onDiscard={(cid) => {
                      toField();
                      talk.link.dismiss(cid);
                    }}
                  />
                ),
              )}
            </ol>
          </section>
        ))}
        <Aftermath panel={panel} empty={lines.length === 0} />
        {typist && (
          <p class="typing">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {say('typing', { name: typist.name || say('agent') })}
          </p>
        )}
      </div>
      {!atEnd.value && (
        <button type="button" class={fresh.value ? 'jump fresh' : 'jump'} aria-label={say(fresh.value ? 'newMessages' : 'toEnd')} onClick={jump}>
          {fresh.value && say('newMessages')}
          <Icon icon={ChevronDown} size={20} />
        </button>
      )}
    </div>
  );
}

/** Whether the page is in sight; a message in a hidden tab is not read. */
const awake = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => (awake.value = document.visibilityState === 'visible'));

function Event({ line, panel }: { line: Extract<Line, { line: 'event' }>; panel: Panel }) {
  const say = panel.t.value;
  const text = line.event === 'joined' ? say('joined', { name: line.name || say('agent') }) : say(line.event);
  return (
    <li class="event" dir="auto">
      {text}
    </li>
  );
}

/** The first thing in the log: what to do here, or why nobody answers now. */
function Greeting({ panel, empty }: { panel: Panel; empty: boolean }) {
  const { talk, t } = panel;
  const say = t.value;
  const desk = talk.state.value?.desk;
  if (!desk) return null;
  const away = desk.status === 'away' && empty;
  const closed = away ? shut(desk) : null;
  return (
    <div class="greeting">
      {empty && <h3>{say(closed ? 'shutTitle' : away ? 'awayTitle' : 'greeting')}</h3>}
      {closed?.until && <p>{say('openAgain', { when: moment(panel, closed.until) })}</p>}
      {empty && <p>{say(away ? 'awayMore' : 'greetingMore')}</p>}
      <p class="small">{say('privacy')}</p>
    </div>
  );
}

/** What the visitor should know after the last message. */
function Aftermath({ panel, empty }: { panel: Panel; empty: boolean }) {
  const { talk, t } = panel;
  const state = talk.state.value;
  if (empty || !state) return null;
  const newest = state.conversations[state.conversations.length - 1];
  if (newest?.status === 'closed') return <p class="event hint">{t.value('closedHint')}</p>;
  const kept = talk.pending.value.every(({ state: it }) => it === 'queued' || it === 'sent');
  if (state.desk.status !== 'away' || !kept) return null;
  const closed = shut(state.desk);
  const words = t.value(closed ? 'shutAfter' : 'awayAfter');
  return (
    <p class="event hint">
      {closed?.until ? `${words} ${t.value('openAgain', { when: moment(panel, closed.until) })}` : words}
    </p>
  );
}
