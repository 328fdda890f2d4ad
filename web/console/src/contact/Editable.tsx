/** A value that becomes a field when pressed. Enter or leaving saves, Esc takes it back. */
import { Pencil } from 'lucide';
import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { statusOf } from '../api/http';
import { t } from '../text/index';

interface EditableProps {
  label: string;
  value: string;
  type?: 'text' | 'email' | 'tel';
  onSave: (value: string) => Promise<unknown>;
}

export function Editable({ label, value, type = 'text', onSave }: EditableProps) {
  const words = t();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [editing, setEditing] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const leaving = useRef(false);

  const end = () => {
    leaving.current = true;
    setEditing(false);
    setError(null);
    requestAnimationFrame(() => button.current?.focus());
  };
  const save = async (next: string, refocus: boolean) => {
    const clean = next.trim();
    if (type === 'email' && clean && !/^\S+@\S+\.\S+$/.test(clean)) {
      setError(words.contact.badEmail);
      return;
    }
    leaving.current = true;
    setEditing(false);
    setError(null);
    if (refocus) requestAnimationFrame(() => button.current?.focus());
    if (clean === value) return;
    setSent(clean);
    try {
      await onSave(clean);
    } catch (failure) {
      setError(statusOf(failure) === 403 ? words.settings.forbidden : words.contact.failed);
    } finally {
      setSent(null);
    }
  };
  const shown = sent ?? value;
  return (
    <div class="fact">
      <dt id={id}>{label}</dt>
      <dd>
        {editing ? (
          <input
            class="fact-input"
            {...typed(type)}
            defaultValue={value}
            aria-labelledby={id}
            aria-invalid={error !== null}
            aria-describedby={error ? `${id}-error` : undefined}
            maxLength={200}
            autocomplete="off"
            ref={(input: HTMLInputElement | null) => {
              if (input && document.activeElement !== input && !leaving.current) {
                input.focus();
                input.select();
              }
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.isComposing) void save(event.currentTarget.value, true);
              else if (event.key === 'Escape') end();
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
            onBlur={(event) => {
              if (!leaving.current) void save(event.currentTarget.value, false);
            }}
          />
        ) : (
          <button
            ref={button}
            type="button"
            class="fact-value"
            aria-label={shown ? `${words.contact.edit(label)}: ${shown}` : words.contact.add(label)}
            onClick={() => {
              leaving.current = false;
              setEditing(true);
            }}
          >
            <span class={shown ? '' : 'is-missing'}>{shown || words.contact.add(label)}</span>
            <Icon icon={Pencil} />
          </button>
        )}
        {error && (
          <p class="field-error" id={`${id}-error`} role="alert">
            {error}
          </p>
        )}
      </dd>
    </div>
  );
}

/** Preact's types tell the kinds of field apart; this keeps them so. */
function typed(type: 'text' | 'email' | 'tel') {
  if (type === 'email') return { type: 'email' as const };
  return type === 'tel' ? { type: 'tel' as const } : { type: 'text' as const };
}
