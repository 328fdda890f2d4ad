/** Webhooks: the list, and from there one webhook, its form or its new secret. */
import { Plus, Webhook as WebhookIcon } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { webhooks as api, type WebhookSecret } from '../../api/webhooks';
import { Button } from '../../parts/Button';
import { Empty } from '../../parts/Empty';
import { useLate } from '../../parts/late';
import { t } from '../../text/index';
import { Detail } from './Detail';
import { useFetched } from './fetched';
import { bare, Health, nameOf } from './Head';
import { SecretOnce } from './SecretOnce';
import { WebhookForm } from './WebhookForm';

type Place = { at: 'list' } | { at: 'new' } | { at: 'one'; id: string } | { at: 'secret'; told: WebhookSecret };

export function Webhooks() {
  const words = t().webhooks;
  const [place, setPlace] = useState<Place>({ at: 'list' });
  const { value, failed, again } = useFetched(() => api.list(), []);
  const all = value?.items;
  const late = useLate();
  const home = () => {
    again();
    setPlace({ at: 'list' });
  };
  if (failed) {
    return (
      <Empty icon={WebhookIcon} title={words.loadFailed} text={t().settings.failed}>
        <Button onClick={again}>{t().common.retry}</Button>
      </Empty>
    );
  }
  if (!all) return late ? <Skeleton /> : null;
  if (place.at === 'secret') {
    const done = () => {
      again();
      setPlace({ at: 'one', id: place.told.webhook.id });
    };
    return <SecretOnce secret={place.told.secret} rotated={false} onDone={done} />;
  }
  if (place.at === 'new') return <WebhookForm webhook={null} onDone={home} onMade={(told) => setPlace({ at: 'secret', told })} />;
  const shown = place.at === 'one' ? all.find((one) => one.id === place.id) : undefined;
  if (shown) return <Detail key={shown.id} webhook={shown} onChanged={again} onDone={home} />;
  if (all.length === 0) {
    return (
      <Empty icon={WebhookIcon} title={words.empty} text={words.emptyText}>
        <Button kind="primary" icon={Plus} onClick={() => setPlace({ at: 'new' })}>
          {words.add}
        </Button>
      </Empty>
    );
  }
  return (
    <>
      <div class="settings-bar">
        <p class="quiet">{words.lead}</p>
        <Button kind="primary" icon={Plus} onClick={() => setPlace({ at: 'new' })}>
          {words.add}
        </Button>
      </div>
      <ul class="cards">
        {all.map((webhook) => (
          <li key={webhook.id} class="hook">
            <button type="button" class="hook-open" onClick={() => setPlace({ at: 'one', id: webhook.id })}>
              <span class="hook-icon">
                <Icon icon={WebhookIcon} />
              </span>
              <span class="hook-words">
                <strong>{nameOf(webhook)}</strong>
                <span class="hook-url">{bare(webhook.url)}</span>
              </span>
              <span class="hook-side">
                <Health webhook={webhook} />
                <span class="quiet">{words.count(webhook.events.length)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Skeleton() {
  return (
    <div class="cards" aria-busy="true" aria-label={t().common.loading}>
      {[0, 1, 2].map((index) => (
        <div key={index} class="skeleton-row">
          <span class="skeleton skeleton-avatar" />
          <span class="skeleton-lines">
            <span class="skeleton" />
            <span class="skeleton" />
          </span>
        </div>
      ))}
    </div>
  );
}
