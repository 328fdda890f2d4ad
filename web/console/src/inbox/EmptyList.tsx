/** An empty list teaches one thing and offers one action. */
import { CircleCheckBig, Inbox, MessageCirclePlus, Archive } from 'lucide';
import type { View } from '../api/calls';
import { me, state } from '../model/desk';
import { openView } from '../model/route';
import { settingsOpen } from '../model/ui';
import { Empty } from '../parts/Empty';
import { Button } from '../parts/Button';
import { t } from '../text/index';

export function EmptyList({ view }: { view: View }) {
  const words = t().empty;
  const fresh = state.value?.conversations.size === 0;
  if (fresh || view === 'all') {
    return (
      <Empty icon={MessageCirclePlus} title={words.allTitle} text={words.allText}>
        <a class="button button-primary" href="/demo/" target="_blank" rel="noopener">
          {words.allAction}
        </a>
        {me.value?.role === 'admin' && (
          <Button kind="quiet" onClick={() => (settingsOpen.value = 'inboxes')}>
            {words.installAction}
          </Button>
        )}
      </Empty>
    );
  }
  if (view === 'mine') {
    return (
      <Empty icon={Inbox} title={words.mineTitle} text={words.mineText}>
        <Button onClick={() => openView('unassigned')}>{words.mineAction}</Button>
      </Empty>
    );
  }
  if (view === 'closed') return <Empty icon={Archive} title={words.closedTitle} text={words.closedText} />;
  return (
    <Empty icon={CircleCheckBig} title={words.unassignedTitle} text={words.unassignedText}>
      <Button onClick={() => openView('mine')}>{words.unassignedAction}</Button>
    </Empty>
  );
}
