/** For whoever has to answer for looking along in this conversation. */
import { Download } from 'lucide';
import type { Conversation } from '@balie/protocol';
import { Icon } from '@balie/ui';
import { looks } from '../api/looks';
import { isAboutLook } from '../look/looks';
import { state } from '../model/desk';
import { oversees } from '../play/open';
import { t } from '../text/index';

export function LookReport({ row }: { row: Conversation }) {
  const words = t().playing.audit;
  const looked = state.value?.logs.get(row.id)?.facts.some(isAboutLook) ?? false;
  if (!looked || !oversees()) return null;
  return (
    <section class="context-part">
      <h3>{words.title}</h3>
      <p class="quiet">{words.lead}</p>
      <a class="link-button look-report" href={looks.auditOfConversation(row.id)} download={`looks-${row.number}.json`}>
        <Icon icon={Download} />
        {words.conversation}
      </a>
    </section>
  );
}
