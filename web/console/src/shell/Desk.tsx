/** The three panes beside the rail. On a phone each pane is a page. */
import { conversation } from '../model/desk';
import { contextOpen } from '../model/prefs';
import { route } from '../model/route';
import { contactPage, medium, narrow } from '../model/ui';
import { List } from '../inbox/List';
import { ThreadPane } from '../thread/ThreadPane';
import { ContextPane } from '../contact/ContextPane';
import { t } from '../text/index';
import { Banner } from './Banner';
import { Rail } from './Rail';

export function Desk() {
  const id = route.value.conversation;
  const row = conversation(id);
  const context = row !== undefined && (medium.value ? contactPage.value : contextOpen.value);
  const page = !narrow.value ? 'all' : context ? 'context' : id ? 'thread' : 'list';
  return (
    <div class={`desk page-${page}${context ? ' has-context' : ''}`}>
      <a class="skip" href="#main">
        {t().skip}
      </a>
      <Rail />
      <div class="panes">
        <Banner />
        <div class="panes-row">
          {(page === 'all' || page === 'list') && <List />}
          {(page === 'all' || page === 'thread') && <ThreadPane id={id} />}
          {row && context && <ContextPane key={row.contact.id} row={row} />}
        </div>
      </div>
    </div>
  );
}
