/** A recording on screen: the picture, its moments, and the bar that plays it. */
import { CircleOff, Film, LoaderCircle, Trash2, TriangleAlert } from 'lucide';
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Recording } from '@balie/protocol';
import { cx, Icon } from '@balie/ui';
import { recordings as api } from '../api/looks';
import { codeOf, statusOf } from '../api/http';
import { Sight, VisitorPointer } from '../look/Glass';
import { fit } from '../look/geometry';
import { partsOf } from '../look/page';
import { useRoom } from '../look/room';
import { notify } from '../model/announce';
import { conversation, me } from '../model/desk';
import { contactName } from '../model/names';
import { Button, IconButton } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Empty } from '../parts/Empty';
import { t } from '../text/index';
import { dateOf, shortly } from '../text/time';
import { type FoundPage, type Moment, momentsOf } from './moments';
import { PlayBar } from './PlayBar';
import { Player } from './player';
import { playing } from './open';
import { Reel } from './reel';
import { type Copy, PlayScreen } from './screen';
import { timeSpoken, timeText } from './times';

/** What the arrow keys do. */
const STEP_MS = 5_000;

export function PlayDialog({ look, of }: { look: string; of: string }) {
  const words = t().playing;
  const [held, setHeld] = useState<{ recording: Recording | null; error: unknown; round: number }>({ recording: null, error: null, round: 0 });
  useEffect(() => {
    let over = false;
    api.read(look).then(
      (recording) => over || setHeld({ recording, error: null, round: held.round }),
      (error: unknown) => over || setHeld({ recording: null, error, round: held.round }),
    );
    return () => void (over = true);
  }, [held.round]);
  const row = conversation(of);
  const close = () => (playing.value = null);
  const { recording, error } = held;
  return (
    <Dialog title={words.dialog.title(row ? contactName(row) : '')} onClose={close} class="dialog-play">
      {recording && recording.removedAt === null && recording.pieces.length > 0 ? (
        <Play key={recording.look} recording={recording} onClose={close} />
      ) : (
        <div class="play-none">
          <NotPlayable recording={recording} error={error} onAgain={() => setHeld({ recording: null, error: null, round: held.round + 1 })} />
        </div>
      )}
    </Dialog>
  );
}

function NotPlayable({ recording, error, onAgain }: { recording: Recording | null; error: unknown; onAgain: () => void }) {
  const words = t().playing.dialog;
  if (recording?.removedAt != null) return <Empty icon={CircleOff} title={words.removed} text={words.removedText(shortly(recording.removedAt))} />;
  if (recording) return <Empty icon={Film} title={t().playing.play} text={words.empty} />;
  if (error === null) return <p class="quiet">{words.loading}</p>;
  if (statusOf(error) === 403) return <Empty icon={CircleOff} title={words.failed} text={words.forbidden} />;
  if (statusOf(error) === 404) return <Empty icon={CircleOff} title={words.failed} text={words.unknown} />;
  return (
    <Empty icon={TriangleAlert} title={words.failed} text={words.failedText}>
      <Button onClick={onAgain}>{t().common.retry}</Button>
    </Empty>
  );
}

function Play({ recording, onClose }: { recording: Recording; onClose: () => void }) {
  const { player, screen, pages } = useMemo(() => {
    const pages = signal<readonly FoundPage[]>([]);
    const reel = new Reel({
      pieces: recording.pieces,
      fetch: (n) => api.piece(recording.look, n),
      isLost: (error) => statusOf(error) === 404 || statusOf(error) === 410,
      found: (at, address) => {
        if (!pages.peek().some((one) => one.at === at)) pages.value = [...pages.peek(), { at, address }];
      },
    });
    const screen: PlayScreen = new PlayScreen(recording.assets === '' ? '' : new URL(recording.assets, location.href).href, () => player.broke());
    const player: Player = new Player({ reel, screen, duration: recording.duration });
    return { player, screen, pages };
  }, []);
  useEffect(() => {
    void player.open();
    let frame = requestAnimationFrame(function tick(now) {
      player.tick(now);
      frame = requestAnimationFrame(tick);
    });
    document.querySelector<HTMLElement>('.play-toggle')?.focus();
    return () => {
      cancelAnimationFrame(frame);
      player.stop();
      screen.close();
    };
  }, []);
  const moments = momentsOf(recording.marks, pages.value, player.duration);
  return (
    <div
      class="play"
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const target = event.target as HTMLElement;
        const by = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS }[event.key];
        // A button has the space bar for itself, a list the arrows.
        if (event.key === ' ' && !target.matches('button, select, input:not([type=range])')) player.toggle();
        else if (by !== undefined && !target.matches('select')) void player.seek(player.position.peek() + by);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Facts recording={recording} screen={screen} onClose={onClose} />
      <Picture player={player} screen={screen} />
      <Moments moments={moments} player={player} />
      <PlayBar player={player} moments={moments} />
    </div>
  );
}

/** When, how long, which page; and for admins the way to remove it. */
function Facts({ recording, screen, onClose }: { recording: Recording; screen: PlayScreen; onClose: () => void }) {
  const words = t().playing;
  const [asks, setAsks] = useState(false);
  const { host, path } = partsOf(screen.page.value.address);
  return (
    <div class="play-facts">
      <p>
        {words.dialog.facts(shortly(recording.startedAt), timeText(recording.duration))}
        {recording.removesAt !== null && ` · ${words.dialog.removes(dateOf(recording.removesAt))}`}
        {recording.endedAt === null && ` · ${words.dialog.runs}`}
      </p>
      <p class="play-where" title={screen.page.value.address}>
        {screen.page.value.title && <strong>{screen.page.value.title}</strong>}
        {host}
        {path}
      </p>
      {me.value?.role === 'admin' && recording.endedAt !== null && <IconButton icon={Trash2} label={words.remove.button} onClick={() => setAsks(true)} />}
      {asks && <Remove look={recording.look} onClose={() => setAsks(false)} onDone={onClose} />}
    </div>
  );
}

function Remove({ look, onClose, onDone }: { look: string; onClose: () => void; onDone: () => void }) {
  const words = t().playing.remove;
  const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
  const remove = async () => {
    setState({ busy: true, error: null });
    try {
      await api.remove(look);
      notify(words.done);
      onDone();
    } catch (error) {
      setState({ busy: false, error: codeOf(error) === 'recording_running' ? words.running : t().settings.failed });
    }
  };
  return (
    <Dialog title={words.title} onClose={onClose} class="dialog-small">
      <div class="play-remove">
        <p>{words.text}</p>
        {state.error && (
          <p class="form-error" role="alert">
            {state.error}
          </p>
        )}
        <div class="save-line">
          <Button kind="danger" disabled={state.busy} onClick={() => void remove()}>
            {words.submit}
          </Button>
          <Button onClick={onClose}>{t().common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Picture({ player, screen }: { player: Player; screen: PlayScreen }) {
  const words = t().playing;
  const room = useRef<HTMLDivElement>(null);
  const size = useRoom(room);
  const { width, height } = screen.page.value;
  const scale = fit({ width, height }, size);
  const trouble = player.trouble.value;
  const hole = trouble?.kind === 'hole';
  const there = screen.inSight.value > 0 && !hole;
  return (
    <div class="play-room" ref={room} onClick={() => player.toggle()}>
      <div class={cx('look-page', !there && 'no-picture')} style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
        {screen.copies.value.map((copy) => (
          <Page key={copy.n} copy={copy} screen={screen} width={width} height={height} scale={scale} />
        ))}
        {there && (
          <div class="play-glass" aria-hidden="true">
            <Sight session={screen} scale={scale} />
            <VisitorPointer session={screen} scale={scale} />
          </div>
        )}
      </div>
      {trouble && (
        <div class="play-trouble" role="status">
          <Icon icon={TriangleAlert} size={20} />
          <p>{trouble.kind === 'failed' ? words.trouble.failed : `${words.trouble[trouble.why]} ${words.trouble.goesOn}`}</p>
          {trouble.kind === 'failed' && <Button onClick={() => player.play()}>{t().common.retry}</Button>}
        </div>
      )}
      {player.waiting.value && (
        <p class="play-waiting">
          <Icon icon={LoaderCircle} class="turns" />
          {words.trouble.waiting}
        </p>
      )}
    </div>
  );
}

function Page({ copy, screen, width, height, scale }: { copy: Copy; screen: PlayScreen; width: number; height: number; scale: number }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useLayoutEffect(() => {
    if (frame.current) screen.attach(copy, frame.current);
  }, []);
  return (
    <iframe
      ref={frame}
      class={cx('look-copy', screen.inSight.value !== copy.n && 'is-coming')}
      tabIndex={-1}
      title={t().playing.dialog.picture}
      style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}
    />
  );
}

/** A list beside the picture: what the line below shows, in words. */
function Moments({ moments, player }: { moments: readonly Moment[]; player: Player }) {
  const words = t().playing.moments;
  const at = player.position.value;
  const now = moments.findLastIndex((one) => one.at <= at);
  return (
    <aside class="play-moments" aria-label={words.title}>
      <h3>{words.title}</h3>
      {moments.length === 0 ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <ol>
          {moments.map((one, index) => (
            <li key={`${one.at} ${one.text}`}>
              <button type="button" class="play-moment" aria-current={index === now ? 'true' : undefined} onClick={() => void player.seek(one.at)}>
                <span class="hidden-text">{timeSpoken(one.at)}: </span>
                <span class="play-at" aria-hidden="true">
                  {timeText(one.at)}
                </span>
                <span class={cx('play-dot', `is-${one.kind}`)} aria-hidden="true" />
                {one.text}
              </button>
            </li>
          ))}
        </ol>
      )}
    </aside>
  );
}
