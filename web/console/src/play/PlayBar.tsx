/** Play, jump, speed: under the picture of a recording. */
import { FastForward, Pause, Play, Rewind, RotateCcw } from 'lucide';
import { useEffect } from 'preact/hooks';
import { cx, Icon } from '@balie/ui';
import { announce } from '../model/announce';
import { IconButton } from '../parts/Button';
import { t } from '../text/index';
import type { Moment } from './moments';
import { type Player, SPEEDS } from './player';
import { timeSpoken, timeText } from './times';

const JUMP_MS = 10_000;
const PAGE_MS = 30_000;

export function PlayBar({ player, moments }: { player: Player; moments: readonly Moment[] }) {
  const words = t().playing.bar;
  const state = player.state.value;
  const label = state === 'playing' ? words.pause : state === 'ended' ? words.again : words.play;
  const at = player.position.value;
  useEffect(() => {
    if (state !== 'playing') announce(words.at(timeSpoken(player.position.peek()), timeSpoken(player.duration)));
  }, [state]);
  return (
    <div class="play-bar" role="group" aria-label={words.label}>
      <div class="play-buttons">
        <button type="button" class="play-toggle" aria-label={label} data-tip={label} onClick={() => player.toggle()}>
          <Icon icon={state === 'playing' ? Pause : state === 'ended' ? RotateCcw : Play} size={20} />
        </button>
        <IconButton icon={Rewind} label={words.back} onClick={() => void player.seek(at - JUMP_MS)} />
        <IconButton icon={FastForward} label={words.on} onClick={() => void player.seek(at + JUMP_MS)} />
      </div>
      <TimeLine player={player} moments={moments} />
      <span class="play-time">
        {timeText(at)} <span class="quiet">/ {timeText(player.duration)}</span>
      </span>
      <div class="play-choices">
        <select aria-label={words.speed} data-tip={words.speed} value={player.speed.value} onChange={(event) => (player.speed.value = Number(event.currentTarget.value))}>
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {words.times(one)}
            </option>
          ))}
        </select>
        <label class="play-still">
          <input type="checkbox" checked={player.skipsStill.value} onChange={(event) => (player.skipsStill.value = event.currentTarget.checked)} />
          {words.still}
        </label>
      </div>
    </div>
  );
}

/** A native slider: its arrows step five seconds (the dialog's keys), Page Up and Down thirty. */
function TimeLine({ player, moments }: { player: Player; moments: readonly Moment[] }) {
  const words = t().playing.bar;
  const { duration } = player;
  const at = player.position.value;
  const share = (ms: number): string => `${duration > 0 ? (ms / duration) * 100 : 0}%`;
  return (
    <div class="play-line" style={{ '--played': share(at) }}>
      <input
        type="range"
        min={0}
        max={duration}
        step={1}
        value={at}
        aria-label={words.time}
        aria-valuetext={words.at(timeSpoken(at), timeSpoken(duration))}
        onInput={(event) => void player.seek(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          const by = { PageUp: PAGE_MS, PageDown: -PAGE_MS, ArrowUp: 5_000, ArrowDown: -5_000 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          void player.seek(at + by);
        }}
      />
      <div class="play-ticks" aria-hidden="true">
        {moments.map((one) => (
          <span key={`${one.at} ${one.text}`} class={cx('play-tick', `is-${one.kind}`)} style={{ left: share(one.at) }} />
        ))}
      </div>
    </div>
  );
}
