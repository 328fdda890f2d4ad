/** A state as a shape and a word; never as a colour alone. */
import { CircleAlert, CircleCheck, CircleHelp, CircleMinus, Clock, Send } from 'lucide';
import type { IconNode } from 'lucide';
import { Icon } from '@balie/ui';
import type { DeliveryState } from '../../api/webhooks';
import { t } from '../../text/index';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';
const SHAPES = { check: CircleCheck, alert: CircleAlert, minus: CircleMinus, clock: Clock, send: Send, help: CircleHelp } satisfies Record<string, IconNode>;

const STATES: Record<DeliveryState, { tone: Tone; shape: keyof typeof SHAPES }> = {
  due: { tone: 'quiet', shape: 'clock' },
  trying: { tone: 'quiet', shape: 'send' },
  sent: { tone: 'good', shape: 'check' },
  unknown: { tone: 'warn', shape: 'help' },
  dead: { tone: 'bad', shape: 'alert' },
};

export function Shape({ tone, shape, word }: { tone: Tone; shape: keyof typeof SHAPES; word: string }) {
  return (
    <span class={`shape is-${tone}`}>
      <Icon icon={SHAPES[shape]} />
      {word}
    </span>
  );
}

export function StateShape({ state, again = false }: { state: DeliveryState; again?: boolean }) {
  const { tone, shape } = STATES[state];
  return <Shape tone={again && tone === 'quiet' ? 'warn' : tone} shape={shape} word={t().webhooks.states[state]} />;
}
