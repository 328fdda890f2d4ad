/** What this contact asked before. */
import { useEffect, useState } from 'preact/hooks';
import type { Conversation } from '@balie/protocol';
import { putRows } from '@balie/state';
import { contacts } from '../api/calls';
import { state, update } from '../model/desk';
import { now } from '../model/now';
import { openConversation, pathOf, route } from '../model/route';
import { t } from '../text/index';
import { exact, inList } from '../text/time';

const REST_MS = 150;

export function Earlier({ row }: { row: Conversation }) {
  const words = t();
  const [known, setKnown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      void contacts
        .conversations(row.contact.id)
        .then(({ items }) => update((before) => putRows(before, items)))
        .catch(() => undefined)
        .finally(() => setKnown(true));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [row.contact.id]);
  const earlier = [...(state.value?.conversations.values() ?? [])]
    .filter((one) => one.contact.id === row.contact.id && one.id !== row.id)
    .sort((a, b) => b.lastAt - a.lastAt);
  return (
    <section class="context-part">
      <h3>{words.contact.earlier}</h3>
      {earlier.length === 0 ? (
        known && <p class="quiet">{words.contact.noEarlier}</p>
      ) : (
        <ul class="earlier">
          {earlier.map((one) => (
            <li key={one.id}>
              <a
                href={pathOf({ view: route.value.view, conversation: one.id })}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  openConversation(one.id);
                }}
              >
                <span class="earlier-words">{one.last?.text ?? words.list.noMessage}</span>
                <span class="earlier-time" title={exact(one.lastAt)}>
                  #{one.number} · {inList(one.lastAt, now.value)} · {one.status === 'closed' ? words.thread.closed : words.thread.open}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
