import { currentConversation } from '@balie/state';
import { cx, Icon, X } from '@balie/ui';
import { Bell, BellOff } from 'lucide';
import { moment, shut } from './hours';
import type { Panel } from './panel';

/** Who is there, in words and a shape, and the way out. */
export function Header({ panel }: { panel: Panel }) {
  const { t, talk, sound } = panel;
  const say = t.value;
  const state = talk.state.value;
  const current = state && currentConversation(state);
  const agent = current?.status === 'open' ? current.assignee : null;
  const trouble = panel.trouble.value;
  const online = state?.desk.status === 'online' && !trouble;
  const desk = state?.desk.name ?? '';
  const name = agent?.name || desk || say('title');
  const words = presence();
  return (
    <header>
      <span class={cx('face', !agent && 'house')} aria-hidden="true">
        {initials(name)}
      </span>
      <div class="who-is-there">
        <h2 id="balie-title" tabIndex={-1} dir="auto" title={name}>
          {name}
        </h2>
        <p class="presence">
          {words && <span class={cx('dot', online && 'on')} aria-hidden="true" />}
          {words ?? `${say('connecting')} …`}
        </p>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-pressed={sound.value}
        aria-label={say('soundOn')}
        title={say('soundOn')}
        onClick={() => panel.setSound(!sound.value)}
      >
        <Icon icon={sound.value ? Bell : BellOff} size={20} />
      </button>
      <button type="button" class="icon-button" aria-label={say('close')} title={say('close')} onClick={() => panel.hide()}>
        <Icon icon={X} size={20} />
      </button>
    </header>
  );

  /** Nothing while nobody has answered yet. Nobody is called present over a line that is down. */
  function presence(): string | null {
    if (trouble) return say('noConnection');
    if (!state) return null;
    const closed = shut(state.desk);
    if (!agent && closed) return closed.until ? say('shutUntil', { when: moment(panel, closed.until) }) : say('shut');
    if (!agent) return say(online ? 'online' : 'away');
    return `${say(agent.kind === 'bot' ? 'bot' : 'agent')}, ${say(online ? 'present' : 'absent')}`;
  }
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return picked.map((word) => Array.from(word ?? '')[0] ?? '').join('').toUpperCase();
}
