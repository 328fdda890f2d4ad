/** The conversation pane: nothing chosen, on its way, not found, or the thread. */
import { MessagesSquare, SearchX } from 'lucide';
import { conversation, state } from '../model/desk';
import { failedLogs, wantLog } from '../model/logs';
import { go } from '../model/route';
import { Button } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { ActionKey } from '../parts/Keys';
import { t } from '../text/index';
import type { ActionId } from '../keys/table';
import { Skeleton } from './Skeleton';
import { Thread } from './Thread';

const FIRST_KEYS: readonly ActionId[] = ['next', 'reply', 'take', 'commands', 'help'];

export function ThreadPane({ id }: { id: string | null }) {
  const words = t();
  const row = conversation(id);
  const log = id ? state.value?.logs.get(id) : undefined;
  const failed = id ? failedLogs.value.get(id) : undefined;
  return (
    <main id="main" tabIndex={-1} class="thread" aria-label={words.thread.label}>
      {!id ? (
        <NothingChosen />
      ) : failed === 'gone' ? (
        <Empty icon={SearchX} title={words.empty.gone} text={words.empty.goneText}>
          <Button onClick={() => go({ view: 'all', conversation: null })}>{words.empty.goneAction}</Button>
        </Empty>
      ) : failed === 'failed' && !log?.facts.length ? (
        <Empty icon={SearchX} title={words.thread.failedLoad} text={words.login.unreachable}>
          <Button onClick={() => wantLog(id)}>{words.common.retry}</Button>
        </Empty>
      ) : row && log ? (
        <Thread key={id} row={row} log={log} />
      ) : (
        <Skeleton key={id} />
      )}
    </main>
  );
}

function NothingChosen() {
  const words = t();
  return (
    <Empty icon={MessagesSquare} title={words.empty.pickTitle} text={words.empty.pickText}>
      <dl class="first-keys">
        {FIRST_KEYS.map((action) => (
          <div key={action}>
            <dt>{words.act[action]}</dt>
            <dd>
              <ActionKey action={action} />
            </dd>
          </div>
        ))}
      </dl>
    </Empty>
  );
}
