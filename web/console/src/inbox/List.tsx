/** The list pane: views with counts, the rows of one, and what to do when there are none. */
import { ScanEye, Search } from 'lucide';
import { Icon } from '@balie/ui';
import type { View } from '../api/calls';
import { openCode } from '../look/deeds';
import { counts } from '../model/desk';
import { holdOrder, releaseOrder, rows } from '../model/list';
import { openView, pathOf, route, VIEWS } from '../model/route';
import { hintSeen } from '../model/prefs';
import { commandsOpen } from '../model/ui';
import { IconButton } from '../parts/Button';
import { ActionKey } from '../parts/Keys';
import { t } from '../text/index';
import { EmptyList } from './EmptyList';
import { FirstHint } from './FirstHint';
import { Rows } from './Rows';

export function List() {
  const { view } = route.value;
  return (
    <section class="list" aria-label={t().list.label}>
      <header class="list-head">
        <div class="list-top">
          <h1>{t().act.inbox}</h1>
          <IconButton icon={ScanEye} label={t().looking.code.button} action="lookCode" popup="dialog" class="list-code" onClick={openCode} />
          <button type="button" class="list-search" aria-haspopup="dialog" onClick={() => (commandsOpen.value = true)}>
            <Icon icon={Search} />
            {t().common.search}
            <ActionKey action="commands" />
          </button>
        </div>
        <Tabs view={view} />
      </header>
      <div class="list-body" onPointerEnter={holdOrder} onPointerLeave={releaseOrder}>
        {rows.value.length > 0 ? <Rows key={view} /> : <EmptyList view={view} />}
      </div>
      {!hintSeen.value && <FirstHint />}
    </section>
  );
}

function Tabs({ view }: { view: View }) {
  const words = t().views;
  return (
    <nav class="tabs" aria-label={words.label}>
      {VIEWS.map((one) => (
        <a
          key={one}
          href={pathOf({ view: one, conversation: null })}
          class="tab"
          aria-current={one === view ? 'page' : undefined}
          data-tip={words.hint[one]}
          data-action={GOTO[one]}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            openView(one);
          }}
        >
          {words[one]}
          {one !== 'closed' && <span class="tab-count">{counts.value?.[one] || ''}</span>}
        </a>
      ))}
    </nav>
  );
}

const GOTO = { unassigned: 'gotoUnassigned', mine: 'gotoMine', all: 'gotoAll', closed: 'gotoClosed' } as const;
