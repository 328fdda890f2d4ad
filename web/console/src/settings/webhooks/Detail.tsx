/** One webhook: how it fares, what can be done with it, and its log. */
import { ArrowLeft, Ellipsis, KeyRound, Pencil, Power, Send, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { codeOf } from '../../api/http';
import { type Webhook, webhooks as api } from '../../api/webhooks';
import { notify } from '../../model/announce';
import { now } from '../../model/now';
import { Button } from '../../parts/Button';
import { focusFirst } from '../../parts/focus';
import { Menu } from '../../parts/Menu';
import { t } from '../../text/index';
import { clock, inList } from '../../text/time';
import { DeliveryLog } from './DeliveryLog';
import { DeliveryPane } from './DeliveryPane';
import { SecretOnce } from './SecretOnce';
import { WebhookForm } from './WebhookForm';
import { bare, Health, nameOf } from './Head';

interface DetailProps {
  webhook: Webhook;
  onChanged: () => void;
  onDone: () => void;
}

type Place = { at: 'log' } | { at: 'form' } | { at: 'secret'; secret: string } | { at: 'delivery'; id: string };

export function Detail({ webhook, onChanged, onDone }: DetailProps) {
  const words = t().webhooks;
  const [place, setPlace] = useState<Place>({ at: 'log' });
  const [asking, setAsking] = useState<'remove' | 'rotate' | null>(null);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);

  const run = async (work: () => Promise<unknown>, told?: string) => {
    setBusy(true);
    try {
      await work();
      if (told) notify(told);
      setAsking(null);
      setRound((before) => before + 1);
      onChanged();
    } catch (error) {
      const known: Record<string, string> = words.errors;
      notify(known[codeOf(error)] ?? t().settings.failed, null, 'bad');
    } finally {
      setBusy(false);
    }
  };
  const turn = (active: boolean) => {
    const { url, description, events } = webhook;
    void run(() => api.change(webhook.id, { url, description, events, active }), active ? words.turnedOn : words.turnedOff);
  };
  const toLog = () => {
    onChanged();
    setPlace({ at: 'log' });
  };
  if (place.at === 'form') return <WebhookForm webhook={webhook} onDone={toLog} onMade={() => undefined} />;
  if (place.at === 'secret') return <SecretOnce secret={place.secret} rotated onDone={toLog} />;
  if (place.at === 'delivery') return <DeliveryPane webhook={webhook} id={place.id} onDone={toLog} />;
  return (
    <div class="hook-page">
      <Button kind="quiet" icon={ArrowLeft} onClick={onDone} class="form-back">
        {words.title}
      </Button>
      <div class="hook-head">
        <div class="hook-title">
          <h4 tabIndex={-1} ref={focusFirst}>
            {nameOf(webhook)}
          </h4>
          <Health webhook={webhook} />
        </div>
        <p class="hook-url">{bare(webhook.url)}</p>
        <ul class="hook-events" aria-label={words.fields.events}>
          {webhook.events.map((type) => (
            <li key={type}>{words.events[type]}</li>
          ))}
        </ul>
      </div>
      <div class="hook-acts">
        <Button kind="primary" icon={Send} disabled={busy || !webhook.active} onClick={() => void run(() => api.test(webhook.id), words.tested)}>
          {words.test}
        </Button>
        <Button icon={Pencil} onClick={() => setPlace({ at: 'form' })}>
          {words.edit}
        </Button>
        <Menu
          label={words.actions}
          trigger={<Icon icon={Ellipsis} />}
          items={[
            { label: words.secret.rotate, icon: KeyRound, run: () => setAsking('rotate') },
            { label: webhook.active ? words.turnOff : words.turnOn, icon: Power, run: () => turn(!webhook.active) },
            { label: t().common.remove, icon: Trash2, tone: 'bad', apart: true, run: () => setAsking('remove') },
          ]}
        />
      </div>
      {asking && (
        <div class={asking === 'rotate' ? 'ask is-calm' : 'ask'} role="alert">
          <p>{asking === 'rotate' ? words.secret.rotateAsk : words.removeAsk}</p>
          {asking === 'rotate' ? (
            <Button kind="primary" disabled={busy} onClick={() => void run(async () => setPlace({ at: 'secret', secret: (await api.rotate(webhook.id)).secret }))}>
              {words.secret.rotateYes}
            </Button>
          ) : (
            <Button kind="danger" disabled={busy} onClick={() => void run(() => api.remove(webhook.id)).then(onDone)}>
              {t().common.remove}
            </Button>
          )}
          <Button onClick={() => setAsking(null)}>{t().common.cancel}</Button>
        </div>
      )}
      {!webhook.active && webhook.offReason && (
        <div class="told is-bad">
          <p>{words.off[webhook.offReason]}</p>
          <Button disabled={busy} onClick={() => turn(true)}>
            {words.turnOn}
          </Button>
        </div>
      )}
      {webhook.active && webhook.oldSecretUntil !== null && webhook.oldSecretUntil > now.value && (
        <p class="told">{words.secret.both(`${inList(webhook.oldSecretUntil, now.value)} ${clock(webhook.oldSecretUntil)}`)}</p>
      )}
      <DeliveryLog webhook={webhook} round={round} onOpen={(id) => setPlace({ at: 'delivery', id })} onChanged={onChanged} />
    </div>
  );
}
