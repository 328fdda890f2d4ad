/** The questions to the visitor. Each is a modal dialog of the platform: the browser keeps the focus inside, Escape means no. */

import { ShieldCheck } from 'lucide';
import type { ControlKind } from '../shared/look-bridge';
import { button, drawIcon, make, MOVED } from './dom';
import type { Say } from './texts';

export interface Question {
  /** Take it away without an answer. */
  close(): void;
  /** The answer could not be told: say so and let the visitor try again. */
  failed(text: string): void;
}

interface Asking {
  say: Say;
  name: string;
  /** When the question goes away by itself, by the browser's clock. */
  until: number;
  answered: (yes: boolean) => void;
  /** Time is over. */
  over: () => void;
}

/** A press within this time was meant for what stood there before. */
const STARTLE_MS = 500;

export function askConsent(root: ShadowRoot, desk: string, asking: Asking): Question {
  const { say, name } = asking;
  const who = desk && desk !== name ? say('someoneOf', { name, desk }) : name;
  const list = (title: string, ...items: string[]) => [make('h3', '', title), make('ul', '', ...items.map((it) => make('li', '', it)))];
  return ask(root, asking, say('title', { name }), [
    make('p', '', say('lead', { name: who })),
    ...list(say('sees', { name }), say('seesPages'), say('seesPointer')),
    ...list(say('never', { name }), say('neverSecrets'), say('neverElse')),
    make('p', '', say('fields')),
    make('p', 'look-quiet', say('stop', { name })),
  ], say('yes'));
}

export function askControl(root: ShadowRoot, kind: ControlKind, asking: Asking): Question {
  const { say, name } = asking;
  const act = kind === 'act';
  return ask(root, asking, say(act ? 'actTitle' : 'scrollTitle', { name }), [
    make('p', '', say(act ? 'actLead' : 'scrollLead', { name })),
    ...(act ? [make('p', '', say('actNever'))] : []),
    make('p', 'look-quiet', say('controlStop')),
  ], say('controlYes'));
}

/** `desk`: who keeps it, for so many `days`. */
export function askRecording(root: ShadowRoot, desk: string, days: number, asking: Asking): Question {
  const { say, name } = asking;
  const who = desk && desk !== name ? say('someoneOf', { name, desk }) : name;
  return ask(root, asking, say('recTitle'), [
    make('p', '', say('recLead', { name: who })),
    make('p', '', `${say('recKept', { n: days })} ${say('recWho')}`),
    make('p', 'look-quiet', say('recStop')),
  ], say('recYes'));
}

/** `page`: of this site, where the agent wants to bring the visitor. What stands behind its path is not read out, but is hinted at. */
export function askVisit(root: ShadowRoot, page: URL, asking: Asking): Question {
  const { say, name } = asking;
  return ask(root, asking, say('visitTitle', { name }), [
    make('p', 'look-address', `${page.host}${page.pathname}${page.search ? '?…' : ''}`),
    make('p', 'look-quiet', say('visitLead')),
  ], say('visitYes'), say('visitNo'));
}

/** `site`: this one, by its host; `from`: the one that the look comes from. */
export function askCrossing(root: ShadowRoot, site: string, from: string, asking: Asking): Question {
  const { say, name } = asking;
  return ask(root, asking, say('crossTitle', { site }), [
    make('p', '', say('crossLead', { name, site, from })),
    make('p', 'look-quiet', say('crossStop', { name })),
  ], say('crossYes'), say('crossNo'));
}

function ask(root: ShadowRoot, { say, until, answered, over }: Asking, title: string, body: Node[], yes: string, no = say('no')): Question {
  const heading = make('h2', '', title);
  heading.id = 'look-title';
  const text = make('div', 'look-body', ...body);
  text.id = 'look-body';
  const left = make('p', 'look-left');
  const alarm = make('p', 'look-alarm');
  alarm.setAttribute('role', 'alert');
  const spoken = make('p', 'sr');
  spoken.setAttribute('role', 'status');
  let ready = false;
  let closed = false;
  const answer = (it: boolean) => {
    if (closed || (it && (!ready || box.classList.contains('waiting')))) return;
    box.classList.add('waiting');
    answered(it);
  };
  const box = openBox(root, () => answer(false), [
    make('div', 'look-head', make('span', 'look-badge', drawIcon(ShieldCheck, 24)), heading),
    text,
    alarm,
    make('div', 'look-choice', button('look-button look-yes', yes, () => answer(true)), button('look-button look-no', no, () => answer(false))),
    left,
    spoken,
  ]);
  box.setAttribute('aria-describedby', text.id);
  setTimeout(() => {
    ready = true;
    box.classList.add('ready');
  }, STARTLE_MS);
  const tick = () => {
    const n = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    left.textContent = say('seconds', { n });
    if (n === 10) spoken.textContent = say('seconds', { n });
    if (n > 0) return;
    close();
    over();
  };
  const timer = setInterval(tick, 1_000);
  function close(): void {
    if (closed) return;
    closed = true;
    clearInterval(timer);
    closeBox(root, box);
  }
  tick();
  return {
    close,
    failed(why) {
      alarm.textContent = why;
      box.classList.remove('waiting');
    },
  };
}

/** A dialog with these children, open, with the focus on its heading: a key that was on its way to the page presses nothing. */
export function openBox(root: ShadowRoot, escaped: () => void, children: Node[]): HTMLDialogElement {
  const box = make('dialog', 'look-box theme', ...children);
  box.setAttribute('aria-labelledby', 'look-title');
  box.addEventListener('cancel', (event) => {
    event.preventDefault();
    escaped();
  });
  // Browsers let a second Escape close a dialog whatever its script says: that is a no, too.
  box.addEventListener('close', escaped);
  for (const type of ['keydown', 'keypress', 'keyup']) box.addEventListener(type, (event) => event.stopPropagation());
  root.append(box);
  box.showModal();
  const heading = box.querySelector('h2');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  root.dispatchEvent(new Event(MOVED));
  return box;
}

export function closeBox(root: ShadowRoot, box: HTMLDialogElement): void {
  box.close();
  root.dispatchEvent(new Event(MOVED));
  box.remove();
}
