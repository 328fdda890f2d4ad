/** Admins hear when a webhook was turned off, or gave something up. */
import type { Fact } from '@balie/protocol';
import { notify } from '../../model/announce';
import { me, onFact } from '../../model/desk';
import { settingsOpen } from '../../model/ui';
import { t } from '../../text/index';

export function keepWebhookNotices(): void {
  onFact(hear);
}

function hear(fact: Fact): void {
  if (me.peek()?.role !== 'admin' || settingsOpen.peek() === 'webhooks') return;
  const words = t().webhooks.notice;
  const look = { label: words.look, run: () => void (settingsOpen.value = 'webhooks') };
  if (fact.kind === 'webhook_disabled') notify(words.disabled(fact.body.description || t().webhooks.unnamed), look, 'bad');
  else if (fact.kind === 'delivery_failed' && fact.body.channel === 'webhook') notify(words.failed, look, 'bad');
}
