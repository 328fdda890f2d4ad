/** The three panes beside the rail. On a phone each pane is a page. */
import { contextFloats, lookFull } from '../look/current';
import { LookPane } from '../look/LookPane';
import { openLook } from '../look/looks';
import { shareOf } from '../look/Splitter';
import { conversation } from '../model/desk';
import { contextOpen } from '../model/prefs';
import { route } from '../model/route';
import { contactPage, narrow } from '../model/ui';
import { List } from '../inbox/List';
import { ThreadPane } from '../thread/ThreadPane';
import { ContextPane } from '../contact/ContextPane';
import { t } from '../text/index';
import { cx } from '@balie/ui';
import { Banner } from './Banner';
import { Rail } from './Rail';

export function Desk() {
  const id = route.value.conversation;
  const row = conversation(id);
  const context = row !== undefined && (contextFloats.value ? contactPage.value : contextOpen.value);
  const look = row ? openLook.value : null;
  const page = !narrow.value ? 'all' : context ? 'context' : id ? 'thread' : 'list';
  return (
    <div class={`desk page-${page}${context ? ' has-context' : ''}`}>
      <a class="skip" href="#main">
        {t().skip}
      </a>
      <Rail />
      <div class="panes">
        <Banner />
        <div
          class={cx('panes-row', look && 'has-look', look && lookFull.value && 'is-full')}
          style={look ? { '--look-share': `${shareOf()}fr`, '--thread-share': `${100 - shareOf()}fr` } : undefined}
        >
          {(page === 'all' || page === 'list') && <List />}
          {look && (page === 'all' || page === 'thread') && <LookPane key={look.id} look={look} />}
          {(page === 'all' || page === 'thread') && <ThreadPane id={id} />}
          {row && context && <ContextPane key={row.contact.id} row={row} />}
        </div>
      </div>
    </div>
  );
}
