/** One delivery: what was sent, every attempt, and what came back. */
import { ArrowLeft, RotateCcw } from 'lucide';
import { useState } from 'preact/hooks';
import { codeOf } from '../../api/http';
import { type Attempt, type Webhook, webhooks as api } from '../../api/webhooks';
import { notify } from '../../model/announce';
import { Button } from '../../parts/Button';
import { focusFirst } from '../../parts/focus';
import { t } from '../../text/index';
import { exact } from '../../text/time';
import { whenOf } from './DeliveryLog';
import { useFetched } from './fetched';
import { reasonText } from './reason';
import { Shape, StateShape, type Tone } from './Shape';

const LOOK_MS = 2_000;
const RESULTS: Record<Attempt['result'], { tone: Tone; shape: 'check' | 'alert' | 'clock' | 'help' }> = {
  sent: { tone: 'good', shape: 'check' },
  retry: { tone: 'warn', shape: 'clock' },
  refused: { tone: 'bad', shape: 'alert' },
  unknown: { tone: 'warn', shape: 'help' },
};

export function DeliveryPane({ webhook, id, onDone }: { webhook: Webhook; id: string; onDone: () => void }) {
  const words = t().webhooks.one;
  const [busy, setBusy] = useState(false);
  const { value, failed, again } = useFetched(() => api.delivery(webhook.id, id), [webhook.id, id], LOOK_MS);
  const replay = async () => {
    setBusy(true);
    try {
      await api.replay(webhook.id, id);
      notify(words.replayed);
      again();
    } catch (error) {
      const known: Record<string, string> = t().webhooks.errors;
      notify(known[codeOf(error)] ?? t().settings.failed, null, 'bad');
    } finally {
      setBusy(false);
    }
  };
  const settled = value !== null && !['due', 'trying'].includes(value.delivery.state);
  return (
    <div class="hook-page">
      <Button kind="quiet" icon={ArrowLeft} onClick={onDone} class="form-back">
        {words.back}
      </Button>
      {failed && <p class="field-error">{t().webhooks.log.failed}</p>}
      {value && (
        <>
          <div class="hook-head">
            <div class="hook-title">
              <h4 tabIndex={-1} ref={focusFirst}>
                {t().webhooks.events[value.delivery.topic]}
              </h4>
              <StateShape state={value.delivery.state} again={value.delivery.attempts > 0} />
            </div>
            <dl class="hook-facts">
              <div>
                <dt>{words.made}</dt>
                <dd title={exact(value.delivery.createdAt)}>{whenOf(value.delivery.createdAt)}</dd>
              </div>
              <div>
                <dt>{words.id}</dt>
                <dd>
                  <code>balie-{value.delivery.id}</code>
                </dd>
              </div>
            </dl>
          </div>
          {settled && webhook.active && (
            <div class="hook-acts">
              <Button kind={value.delivery.state === 'dead' ? 'primary' : 'plain'} icon={RotateCcw} disabled={busy} onClick={() => void replay()}>
                {words.replay}
              </Button>
            </div>
          )}
          <section aria-label={words.attempts}>
            <h5>{words.attempts}</h5>
            {value.attempts.length === 0 && <p class="quiet">{words.noAttempts}</p>}
            <ol class="attempts">
              {[...value.attempts].reverse().map((attempt) => (
                <AttemptLine key={attempt.attempt} attempt={attempt} open={attempt.attempt === value.attempts.length} />
              ))}
            </ol>
          </section>
          <section aria-label={words.payload}>
            <h5>{words.payload}</h5>
            <pre tabIndex={0}>{pretty(value.body)}</pre>
          </section>
        </>
      )}
    </div>
  );
}

function AttemptLine({ attempt, open }: { attempt: Attempt; open: boolean }) {
  const words = t().webhooks;
  const { tone, shape } = RESULTS[attempt.result];
  return (
    <li>
      <details open={open}>
        <summary>
          <Shape tone={tone} shape={shape} word={words.results[attempt.result]} />
          <span class="attempt-words">
            {words.one.attempt(attempt.attempt)}
            <span class="quiet">{[attempt.status === null ? '' : `HTTP ${attempt.status}`, attempt.status === null && attempt.reason ? reasonText(attempt.reason) : ''].filter(Boolean).join(' · ')}</span>
          </span>
          <span class="quiet attempt-took">{words.one.took(attempt.tookMs)}</span>
          <time class="quiet" dateTime={new Date(attempt.at).toISOString()} title={exact(attempt.at)}>
            {whenOf(attempt.at)}
          </time>
        </summary>
        {attempt.request && <Excerpt label={words.one.request} text={attempt.request} />}
        {attempt.response && <Excerpt label={words.one.response} text={attempt.response} />}
      </details>
    </li>
  );
}

function Excerpt({ label, text }: { label: string; text: string }) {
  return (
    <div class="excerpt">
      <p class="field-help">{label}</p>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
