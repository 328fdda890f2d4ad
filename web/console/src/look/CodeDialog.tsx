/** Six digits that a visitor reads out: where most calls begin. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import { useSaving } from '../settings/saving';
import { t } from '../text/index';
import { joinByCode } from './actions';
import { digitsOf } from './code';
import { codeOpen } from './current';

export function CodeDialog() {
  const words = t().looking;
  const saving = useSaving();
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // The dialog gives the focus to its title first.
  useEffect(() => field.current?.focus(), []);
  const close = () => (codeOpen.value = false);
  const join = async (digits: string) => {
    if (saving.busy) return;
    if (await saving.run(() => joinByCode(digits), { ...words.errors, too_many_requests: words.errors.too_many_tries, not_found: words.errors.code_unknown })) close();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (code.length === 6) void join(code);
  };
  return (
    <Dialog title={words.code.title} onClose={close} class="dialog-code">
      <form class="form code-form" noValidate onSubmit={submit}>
        <p class="quiet">{words.code.lead}</p>
        <Field label={words.code.label} error={saving.error ?? (tried && code.length < 6 ? words.code.bad : null)}>
          {(ids) => (
            <input
              {...ids}
              class="code-input"
              type="text"
              inputMode="numeric"
              autocomplete="off"
              maxLength={7}
              value={spaced(code)}
              ref={field}
              onInput={(event) => {
                const next = digitsOf(event.currentTarget.value);
                setCode(next);
                setTried(false);
                saving.reset();
                event.currentTarget.value = spaced(next);
                if (next.length === 6 && next !== code) void join(next);
              }}
            />
          )}
        </Field>
        <div class="save-line">
          <Button kind="primary" type="submit" disabled={saving.busy}>
            {saving.busy ? words.code.busy : words.code.submit}
          </Button>
          <Button onClick={close}>{t().common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const spaced = (code: string): string => (code.length > 3 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);
