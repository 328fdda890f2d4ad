/** Canned replies: everybody reads them, supervisors and admins write them. */
import { Plus, Zap } from 'lucide';
import { useState } from 'preact/hooks';
import type { CannedReply } from '@balie/protocol';
import { findReplies } from '../canned/find';
import { me, state } from '../model/desk';
import { Button } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { language, t } from '../text/index';
import { ReplyForm } from './ReplyForm';

export function Replies() {
  const words = t().canned;
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const all = state.value?.replies ?? [];
  const found = findReplies(search, all, language.value, 500);
  const writes = me.value?.role !== 'agent';
  if (editing) return <ReplyForm reply={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />;
  if (all.length === 0) {
    return (
      <Empty icon={Zap} title={words.noneYet} text={words.emptyText}>
        {writes && (
          <Button kind="primary" onClick={() => setEditing('new')}>
            {words.create}
          </Button>
        )}
      </Empty>
    );
  }
  return (
    <>
      <div class="settings-bar">
        <input type="search" aria-label={words.search} placeholder={words.search} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        {writes && (
          <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
            {t().common.add}
          </Button>
        )}
      </div>
      {!writes && <p class="quiet">{words.readOnly}</p>}
      <ul class="cards">
        {found.map((reply) => (
          <li key={reply.id} class="reply">
            {writes ? (
              <button type="button" class="reply-open" onClick={() => setEditing(reply)}>
                <ReplyWords reply={reply} />
              </button>
            ) : (
              <div class="reply-open">
                <ReplyWords reply={reply} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">{words.none}</p>}
    </>
  );
}

function ReplyWords({ reply }: { reply: CannedReply }) {
  return (
    <>
      <span class="reply-head">
        <strong>{reply.title}</strong>
        {reply.language && <span class="row-language">{reply.language.toUpperCase()}</span>}
        <span class="canned-short">/{reply.shortcut}</span>
      </span>
      <span class="reply-text">{reply.text}</span>
    </>
  );
}
