/** The pages of this visit, newest on top; the page they are on now is marked live. */
import { useState } from 'preact/hooks';
import type { PageView } from '@balie/protocol';
import { now } from '../model/now';
import type { Visit } from '../api/calls';
import { t } from '../text/index';
import { clock, exact, lasting } from '../text/time';
import { addressOf } from './address';

const SHOWN = 6;

export function Trail({ visit, online }: { visit: Visit | undefined; online: boolean }) {
  const words = t().contact;
  const [all, setAll] = useState(false);
  const pages = [...(visit?.pages ?? [])].reverse();
  const tabs = new Set(pages.map((page) => page.tab)).size;
  const current = online ? visit?.current : null;
  return (
    <section class="context-part">
      <h3>
        {words.pages}
        {pages.length > 0 && (
          <span class="quiet">
            {words.visits(pages.length)}
            {tabs > 1 && ` ${words.tabs(tabs)}`}
          </span>
        )}
      </h3>
      {pages.length === 0 ? (
        visit && <p class="quiet">{words.noPages}</p>
      ) : (
        <ol class="trail">
          {pages.slice(0, all ? undefined : SHOWN).map((page, index) => (
            <Page key={`${page.at}${page.tab}${index}`} page={page} live={index === 0 && !!current && samePage(current, page)} />
          ))}
        </ol>
      )}
      {!all && pages.length > SHOWN && (
        <button type="button" class="link-button" onClick={() => setAll(true)}>
          {words.showAll(pages.length)}
        </button>
      )}
    </section>
  );
}

function Page({ page, live }: { page: PageView; live: boolean }) {
  const { href, path } = addressOf(page.url);
  const title = page.title.trim() || path;
  return (
    <li class={live ? 'is-live' : ''}>
      <span class="trail-title" title={title}>
        {href ? (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {title}
          </a>
        ) : (
          title
        )}
      </span>
      <span class="trail-path" title={page.url}>
        {path}
      </span>
      <span class="trail-time" title={exact(page.at)}>
        {live ? nowFor(now.value - page.at) : clock(page.at)}
      </span>
    </li>
  );
}

/** How long they have been on it says more than when they came. */
function nowFor(ms: number): string {
  const words = t().contact;
  return ms < 60_000 ? words.now : `${words.now} · ${lasting(ms)}`;
}

function samePage(a: PageView, b: PageView): boolean {
  return a.url === b.url && a.tab === b.tab;
}
