import { cx, Icon, Plus } from '@balie/ui';
import { useSignal } from '@preact/signals';
import { Eye } from 'lucide';
import { useRef } from 'preact/hooks';
import type { Panel } from './panel';

/** What else a visitor can do here than type, behind one plus. */
export function More({ panel }: { panel: Panel }) {
  const say = panel.t.value;
  const open = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    open.value = false;
    opener.current?.focus();
  };
  return (
    <div
      class="more"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        type="button"
        ref={opener}
        class={cx('plus', open.value && 'open')}
        aria-expanded={open.value}
        aria-controls="balie-more"
        aria-label={say('more')}
        title={say('more')}
        onClick={() => (open.value = !open.value)}
      >
        <Icon icon={Plus} size={20} />
      </button>
      <div id="balie-more" class="choices" hidden={!open.value}>
        <button
          type="button"
          onClick={() => {
            close();
            panel.looking.showCode();
          }}
        >
          <Icon icon={Eye} size={20} />
          <span>
            {say('showCode')}
            <small>{say('showCodeMore')}</small>
          </span>
        </button>
      </div>
    </div>
  );
}
