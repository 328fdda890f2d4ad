/** What a webhook is called and how it fares. */
import type { Webhook } from '../../api/webhooks';
import { now } from '../../model/now';
import { t } from '../../text/index';
import { lasting } from '../../text/time';
import { Shape } from './Shape';

export function Health({ webhook }: { webhook: Webhook }) {
  const words = t().webhooks.state;
  if (!webhook.active) return <Shape tone={webhook.offReason === 'person' ? 'quiet' : 'bad'} shape="minus" word={words.off} />;
  if (webhook.failingSince === null) return <Shape tone="good" shape="check" word={words.working} />;
  return <Shape tone="warn" shape="alert" word={words.failing(lasting(Math.max(0, now.value - webhook.failingSince)))} />;
}

export function nameOf(webhook: Webhook): string {
  if (webhook.description) return webhook.description;
  try {
    return new URL(webhook.url).hostname;
  } catch {
    return t().webhooks.unnamed;
  }
}

/** The address without what every address begins with. */
export function bare(url: string): string {
  return url.replace(/^https:\/\//, '');
}
