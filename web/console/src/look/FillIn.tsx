/** What to fill in or choose, beside the field that it is for. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Target } from '@balie/cobrowse/applier';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { t } from '../text/index';
import { focusGlass } from './current';
import type { Size } from './geometry';
import { type Hands, nameOf } from './hands';

const WIDTH = 280;
const LONGEST = 2_000;

interface FillInProps {
  hands: Hands;
  scale: number;
  page: Size;
}

export function FillIn({ hands, scale, page }: FillInProps) {
  const target = hands.asking.value;
  if (!target) return null;
  const { x, y, height } = target.place;
  const left = Math.max(4, Math.min(x * scale, page.width * scale - WIDTH - 4));
  const below = (y + height) * scale + 8;
  const above = below > page.height * scale - 120;
  const style = above
    ? { left: `${left}px`, bottom: `${Math.max(4, (page.height - y) * scale + 8)}px`, width: `${WIDTH}px` }
    : { left: `${left}px`, top: `${below}px`, width: `${WIDTH}px` };
  const close = () => {
    hands.asking.value = null;
    focusGlass();
  };
  return (
    <div
      class="fill-in"
      role="dialog"
      aria-label={target.kind === 'select' ? t().looking.fill.choose(nameOf(target)) : t().looking.fill.title(nameOf(target))}
      style={style}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      {target.kind === 'select' ? <ChooseForm key={target.id} hands={hands} target={target} onClose={close} /> : <TextForm key={target.id} hands={hands} target={target} onClose={close} />}
    </div>
  );
}

interface FormProps {
  hands: Hands;
  target: Target;
  onClose: () => void;
}

function TextForm({ hands, target, onClose }: FormProps) {
  const words = t().looking.fill;
  const field = useFocused<HTMLInputElement>();
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        hands.fill(target, text);
        focusGlass();
      }}
    >
      <Field label={words.title(nameOf(target))}>
        {(ids) => <input {...ids} ref={field} type="text" autocomplete="off" maxLength={LONGEST} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
      </Field>
      <Foot label={words.submit} onClose={onClose} />
    </form>
  );
}

function ChooseForm({ hands, target, onClose }: FormProps) {
  const words = t().looking.fill;
  const field = useFocused<HTMLSelectElement>();
  const [chosen, setChosen] = useState(Math.max(0, target.chosen));
  if (target.options.every(({ label }) => /^•*$/.test(label))) {
    return (
      <>
        <p class="fill-none">{words.none}</p>
        <div class="fill-foot">
          <Button onClick={onClose}>{t().common.close}</Button>
        </div>
      </>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        hands.select(target, chosen);
        focusGlass();
      }}
    >
      <Field label={words.choose(nameOf(target))}>
        {(ids) => (
          <select
            {...ids}
            ref={field}
            size={Math.min(8, Math.max(2, target.options.length))}
            value={String(chosen)}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.form?.requestSubmit();
            }}
          >
            {target.options.map((option, index) => (
              <option key={index} value={String(index)} disabled={option.disabled}>
                {option.label || '–'}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Foot label={words.submit} onClose={onClose} />
    </form>
  );
}

function Foot({ label, onClose }: { label: string; onClose: () => void }) {
  return (
    <div class="fill-foot">
      <Button onClick={onClose}>{t().common.cancel}</Button>
      <Button kind="primary" type="submit">
        {label}
      </Button>
    </div>
  );
}

function useFocused<T extends HTMLElement>() {
  const field = useRef<T>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
