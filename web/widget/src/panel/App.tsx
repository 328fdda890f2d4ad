import { cx } from '@balie/ui';
import { Banner } from './Banner';
import { Composer } from './Composer';
import { Header } from './Header';
import { Log } from './Log';
import type { Panel } from './panel';

export function App({ panel }: { panel: Panel }) {
  const say = panel.t.value;
  const heard = panel.heard.value;
  const open = panel.open.value;
  const newest = heard[heard.length - 1];
  return (
    <div class="theme">
      <dialog
        class={cx('panel', panel.position)}
        ref={panel.dialog}
        aria-labelledby="balie-title"
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.isComposing) return;
          event.preventDefault();
          panel.hide();
        }}
      >
        <Header panel={panel} />
        <Log panel={panel} />
        <Banner panel={panel} />
        {panel.trouble.value !== 'blocked' && <Composer panel={panel} />}
        <div class="sr" role="log" aria-live="polite" aria-relevant="additions" aria-label={say('newMessages')}>
          {open &&
            heard.map(({ key, name, text }) => (
              <p key={key}>
                {name || say('agent')}: {text}
              </p>
            ))}
        </div>
      </dialog>
      <p class="sr" role="status">
        {!open && newest ? say('newFrom', { name: newest.name || say('agent') }) : ''}
      </p>
    </div>
  );
}
