/** Recording what is seen, beside the tools: to ask, asked, or on. */
import { CircleDot, Hand } from 'lucide';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { cx, Icon } from '@balie/ui';
import type { Look } from '@balie/protocol';
import { lookingPolicies } from '../api/looks';
import { notify } from '../model/announce';
import { Button } from '../parts/Button';
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

export function Record({ look, ready }: { look: Look; ready: boolean }) {
  const words = t().playing;
  const { recording } = look;
  const at = useSeconds(recording !== null);
  useEffect(() => void wantRefusal(look.inbox), [look.inbox]);
  if (recording?.state === 'asked') {
    return (
      <div class="look-record">
        <p class="look-grant is-asked">
          <Icon icon={Hand} />
          {words.asked}
          {recording.until !== null && (
            <span class="look-left" aria-hidden="true">
              {leftText(recording.until, at)}
            </span>
          )}
        </p>
        <Button kind="quiet" onClick={() => void stopRecording(look.id)}>
          {words.cancel}
        </Button>
      </div>
    );
  }
  if (recording) {
    return (
      <div class="look-record">
        <p class="look-grant is-recording">
          <span class="look-rec" />
          {words.on}
          <span class="look-left" aria-hidden="true">
            {timeText(at - (recording.since ?? at))}
          </span>
        </p>
        <Button kind="quiet" onClick={() => void stopRecording(look.id)}>
          {words.stop}
        </Button>
      </div>
    );
  }
  const refused = refusals.value.get(look.inbox) ?? null;
  const why = refused && words[refused];
  return (
    <button
      type="button"
      class={cx('tool', 'look-record-ask', refused && 'is-off')}
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
