import { TEXT_LIMIT } from '@balie/protocol';
import { ArrowUp, cx, Icon } from '@balie/ui';
import { useLayoutEffect } from 'preact/hooks';
import { More } from './More';
import type { Panel } from './panel';

const WARN = 500;

/** Where the visitor types. Enter sends, Shift+Enter starts a line; an input method's Enter does neither. */
export function Composer({ panel }: { panel: Panel }) {
  const { t, draft, talk, field } = panel;
  const say = t.value;
  const text = draft.value;
  const room = TEXT_LIMIT - length(text);
  const ready = text.trim() !== '' && room >= 0;

  useLayoutEffect(() => {
    const it = field.current;
    if (!it || CSS.supports('field-sizing', 'content')) return;
    it.style.height = 'auto';
    it.style.height = `${it.scrollHeight}px`;
  }, [text]);

  function send(): void {
    if (!ready) return;
    talk.typing(false);
    talk.send(wellFormed(text.trim()));
    panel.setDraft('');
    field.current?.focus();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field">
        <More panel={panel} />
        <textarea
          ref={field}
          rows={1}
          aria-label={say('placeholder')}
          placeholder={say('placeholder')}
          aria-describedby={room < WARN ? 'balie-room' : undefined}
          aria-invalid={room < 0}
          enterkeyhint="send"
          autocomplete="off"
          dir="auto"
          value={text}
          onInput={(event) => {
            panel.setDraft(event.currentTarget.value);
            talk.typing(event.currentTarget.value.trim() !== '');
          }}
          onBlur={() => talk.typing(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || composing(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class={cx('send', ready && 'ready')} aria-label={say('send')} title={say('send')} aria-disabled={!ready}>
          <Icon icon={ArrowUp} size={20} />
        </button>
      </div>
      {room < WARN && (
        <p id="balie-room" class={cx('room', room < 0 && 'over')}>
          {room < 0 ? say('over', { n: -room }) : say('left', { n: room })}
        </p>
      )}
    </form>
  );
}

/** The desk counts Unicode code points. */
function length(text: string): number {
  return text.length <= TEXT_LIMIT - WARN ? text.length : Array.from(text).length;
}

/** Whether an input method is at work; Safari marks the Enter that ends a composition by 229 alone. */
function composing(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return event.isComposing || event.keyCode === 229;
}

/** Half an emoji, as a cut paste can leave, is no text; it becomes the replacement sign. */
const wellFormed = (text: string): string =>
  text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
