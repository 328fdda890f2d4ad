/** The live region and the notice in the corner. */
import { X } from 'lucide';
import { announced, dismiss, holdToast, releaseToast, toast } from '../model/announce';
import { t } from '../text/index';
import { IconButton } from './Button';

/** Two regions in turn, so that the same words twice are read twice. */
export function Announcer() {
  const { text, id } = announced.value;
  return (
    <div class="hidden-text">
      <div role="status">{id % 2 === 0 ? text : ''}</div>
      <div role="status">{id % 2 === 1 ? text : ''}</div>
    </div>
  );
}

export function Toast() {
  const shown = toast.value;
  if (!shown) return null;
  const { id, text, tone, action } = shown;
  return (
    <section class={`toast is-${tone}`} aria-label={text} onPointerEnter={holdToast} onPointerLeave={releaseToast} onFocusIn={holdToast} onFocusOut={releaseToast}>
      <span>{text}</span>
      {action && (
        <button
          type="button"
          class="toast-action"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon={X} label={t().common.close} onClick={() => dismiss(id)} />
    </section>
  );
}
