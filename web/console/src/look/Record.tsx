/** Recording what is seen: the button that asks, beside the tools; and in the head of the picture what became of it. */
import { CircleDot, Hand, Square, X } from 'lucide';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { cx, Icon } from '@balie/ui';
import type { Look } from '@balie/protocol';
import { lookingPolicies } from '../api/looks';
import { notify } from '../model/announce';
import { IconButton } from '../parts/Button';
import { timeText } from '../play/times';
import { t } from '../text/index';
import { askRecording, stopRecording } from './actions';
import { useSeconds } from './clock';
import { leftText } from './left';

/** Why an inbox does not record, by inbox; null when it does. */
const refusals = signal<ReadonlyMap<string, 'off' | 'regulated' | null>>(new Map());

async function wantRefusal(inbox: string): Promise<void> {
  try {
    const { profile, policy } = await lookingPolicies.read(inbox);
    const why = profile === 'regulated' ? 'regulated' : policy['recording'] === 'ask' ? null : 'off';
    refusals.value = new Map(refusals.peek()).set(inbox, why);
  } catch {
    // The desk says it when somebody asks.
  }
}

export function RecordButton({ look, ready }: { look: Look; ready: boolean }) {
  const words = t().playing;
  useEffect(() => void wantRefusal(look.inbox), [look.inbox]);
  if (look.recording) return null;
  const refused = refusals.value.get(look.inbox) ?? null;
  const why = refused && words[refused];
  return (
    <button
      type="button"
      class={cx('tool', 'tool-record', refused && 'is-off')}
      aria-disabled={refused !== null}
      disabled={!ready && refused === null}
      data-tip={why ?? words.askTip}
      onClick={() => (why ? notify(why) : void askRecording(look.id))}
    >
      <Icon icon={CircleDot} />
      <span>{words.ask}</span>
    </button>
  );
}

/** Asked, or on: in sight as long as it lasts, with the way to end it. */
export function RecordState({ look }: { look: Look }) {
  const words = t().playing;
  const { recording } = look;
  const at = useSeconds(recording !== null);
  if (!recording || look.state === 'ended') return null;
  const on = recording.state === 'on';
  return (
    <span class={cx('look-record', on ? 'is-on' : 'is-asked')} data-tip={on ? words.on : words.asked}>
      {on ? <span class="look-rec" /> : <Icon icon={Hand} />}
      <span class="look-record-words">{on ? words.on : words.asked}</span>
      <span class="look-left" aria-hidden="true">
        {on ? timeText(at - (recording.since ?? at)) : leftText(recording.until ?? at, at)}
      </span>
      <IconButton icon={on ? Square : X} label={on ? words.stop : words.cancel} onClick={() => void stopRecording(look.id)} />
    </span>
  );
}
