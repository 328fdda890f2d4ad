/** A quiet line over the picture when something goes wrong on the visitor's page; after a while only a number is left. */
import { TriangleAlert } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { cx, Icon } from '@balie/ui';
import { announce } from '../model/announce';
import { t } from '../text/index';
import type { LookSession } from './session';
import { TROUBLE_MS } from './times';
import { howMany, type Trouble } from './troubles';

export function TroubleNote({ session }: { session: LookSession }) {
  const troubles = session.troubles.value;
  const { latest } = troubles;
  const [fresh, setFresh] = useState(false);
  const [held, setHeld] = useState(false);
  const said = latest ? troubleText({ ...latest, count: 1 }) : '';
  useEffect(() => {
    setFresh(troubles.n > 0);
    const timer = setTimeout(() => setFresh(false), TROUBLE_MS);
    return () => clearTimeout(timer);
  }, [troubles.n]);
  // Whoever hears it need not hear each repetition.
  useEffect(() => {
    if (said) announce(said);
  }, [said]);
  const id = held && latest ? latest.id : 0;
  useEffect(() => {
    session.faulty.value = id;
    return () => (session.faulty.value = 0);
  }, [id]);
  if (!latest) return null;
  const whole = fresh || held;
  const words = troubleText(latest);
  return (
    <button
      type="button"
      class={cx('look-trouble', whole && 'is-whole')}
      aria-label={whole ? undefined : `${t().looking.troubles.label(howMany(troubles))}. ${words}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      onClick={() => setHeld(true)}
    >
      <Icon icon={TriangleAlert} />
      <span>{whole ? words : howMany(troubles)}</span>
    </button>
  );
}

function troubleText({ kind, count, fault, text }: Trouble): string {
  const { troubles, form } = t().looking;
  if (kind !== 'form') return troubles[kind](count);
  return troubles.form(text || (fault === 'other' ? form.other : form.kinds[fault]), count);
}
