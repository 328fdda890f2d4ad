/** The bar that stands in sight for as long as somebody looks along: who it is, and the ways to pause and to stop. */

import { ArrowDownToLine, ArrowUpToLine, Eye, EyeOff, Pause, Play, X, type IconNode } from 'lucide';
import type { ControlKind } from '../shared/look-bridge';
import { button, drawIcon, make } from './dom';
import type { Layer } from './layer';
import type { Say } from './texts';

export type BarState = 'invited' | 'connecting' | 'viewing' | 'paused' | 'page' | 'down' | 'elsewhere';

export interface BarModel {
  state: BarState;
  name: string;
  /** Besides the one with the name. */
  others: number;
  /** By the browser's own clock. */
  grants: readonly { kind: ControlKind; until: number }[];
  recorded: boolean;
}

export interface BarActions {
  pause: () => void;
  resume: () => void;
  stop: () => void;
  here: () => void;
  answer: () => void;
  decline: () => void;
  revoke: (kind: ControlKind) => void;
  stopRecording: () => void;
}

export interface Bar {
  draw(model: BarModel | null): void;
  /** The last word, for some seconds: why nobody looks along any more. */
  farewell(text: string): void;
  language(say: Say): void;
  remove(): void;
}

const MINUTES_MS = 5_000;
const FAREWELL_MS = 6_000;
const MINUTE_MS = 60_000;
const SEES: readonly BarState[] = ['viewing', 'connecting'];
const placeKey = 'balie:look-bar';

export function createBar(root: ShadowRoot, layer: Layer, act: BarActions, words: Say): Bar {
  let say = words;
  let model: BarModel | null = null;
  let bottom = readPlace();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leaving = false;
  /** What stands there, so that nothing moves under a press when nothing changed. */
  let drawn = '';
  let wasRecorded = false;
  const bar = make('div', 'look-bar');
  bar.setAttribute('role', 'region');
  const status = make('p', 'sr');
  status.setAttribute('role', 'status');
  const frame = make('div', 'look-frame');
  layer.element.append(frame, bar);
  root.append(status);
  // What is typed here is no shortcut of the page.
  for (const type of ['keydown', 'keypress', 'keyup']) bar.addEventListener(type, (event) => event.stopPropagation());

  function render(): void {
    clearTimeout(timer);
    if (!model) {
      drawn = status.textContent = '';
      wasRecorded = false;
      bar.replaceChildren();
      layer.hide();
      return;
    }
    const { state, name, others, grants, recorded } = model;
    if (grants.length > 0) timer = setTimeout(render, MINUTES_MS);
    const key = JSON.stringify([state, name, others, grants.map(({ kind, until }) => [kind, minutes(until)]), recorded, bottom, say('bar')]);
    if (key === drawn) return;
    drawn = key;
    const text = say(state, { name });
    const recording = recorded && say(state === 'viewing' ? 'recOn' : 'recPaused');
    const spoken = recording || (wasRecorded && say('recOver'));
    wasRecorded = recorded;
    const seen = SEES.includes(state);
    const focused = bar.contains(root.activeElement) ? (root.activeElement as HTMLElement).dataset['does'] : undefined;
    bar.ariaLabel = say('bar');
    bar.className = `look-bar ${bottom ? 'bottom' : 'top'} ${seen ? 'seen' : 'unseen'}`;
    bar.title = say('escape');
    frame.hidden = state !== 'viewing';
    bar.replaceChildren(
      make('span', 'look-eye', drawIcon(seen ? Eye : EyeOff)),
      make('p', 'look-who', make('span', 'look-text', text), others > 0 && state === 'viewing' && ` ${say('more', { n: others })}`),
      make('div', 'look-buttons', ...buttons(state)),
      ...(recording ? [recordingLine(recording, state === 'viewing')] : []),
      ...(state === 'viewing' ? grants.map(({ kind, until }) => grantLine(kind, until)) : []),
    );
    // Said once per change, without the minutes that run down.
    const told = spoken ? `${text}. ${spoken}.` : text;
    if (status.textContent !== told) status.textContent = told;
    layer.show();
    if (focused) bar.querySelector<HTMLElement>(`[data-does="${focused}"]`)?.focus({ preventScroll: true });
  }

  function buttons(state: BarState): HTMLElement[] {
    const stop = does('stop', say('end'), act.stop, X, say('endLong'));
    stop.classList.add('look-stop');
    const place = does('place', '', move, bottom ? ArrowUpToLine : ArrowDownToLine, say(bottom ? 'toTop' : 'toBottom'));
    place.classList.add('look-place');
    switch (state) {
      case 'invited':
        return [does('answer', say('answer'), act.answer), does('decline', say('no'), act.decline)];
      case 'elsewhere':
        return [does('here', say('here'), act.here), stop];
      case 'paused':
        return [does('pause', say('resume'), act.resume, Play, say('resume')), stop, place];
      case 'viewing':
      case 'connecting':
        return [does('pause', say('pause'), act.pause, Pause, say('pause')), stop, place];
      default:
        return [stop, place];
    }
  }

  function grantLine(kind: ControlKind, until: number): HTMLElement {
    const n = minutes(until);
    const scroll = kind === 'scroll';
    const revoke = does(`revoke-${kind}`, say('revoke'), () => act.revoke(kind), undefined, say(scroll ? 'revokeScroll' : 'revokeAct'));
    return make('div', 'look-grant', make('span', '', say(scroll ? 'mayScroll' : 'mayAct', { n })), revoke);
  }

  function recordingLine(text: string, runs: boolean): HTMLElement {
    const words = make('span', 'look-recorded', make('span', runs ? 'look-dot runs' : 'look-dot'), text);
    return make('div', 'look-grant', words, does('stop-recording', say('recEnd'), act.stopRecording));
  }

  /** A button that keeps the focus when the bar is drawn anew. `label` where the text alone does not say it, or a phone hides it. */
  function does(name: string, text: string, pressed: () => void, icon?: IconNode, label?: string): HTMLButtonElement {
    const made = button('look-button', text, pressed, icon);
    made.dataset['does'] = name;
    if (label) {
      made.ariaLabel = label;
      made.title = label;
    }
    return made;
  }

  function move(): void {
    bottom = !bottom;
    keepPlace(bottom);
    render();
  }

  return {
    draw(next) {
      if (!next && leaving) return;
      leaving = false;
      model = next;
      render();
    },
    farewell(text) {
      model = null;
      leaving = true;
      drawn = '';
      clearTimeout(timer);
      bar.className = `look-bar ${bottom ? 'bottom' : 'top'} unseen`;
      frame.hidden = true;
      bar.replaceChildren(make('span', 'look-eye', drawIcon(EyeOff)), make('p', 'look-who', text));
      status.textContent = text;
      layer.show();
      timer = setTimeout(() => {
        leaving = false;
        render();
      }, FAREWELL_MS);
    },
    language(now) {
      say = now;
      if (model) render();
    },
    remove() {
      clearTimeout(timer);
      status.remove();
      bar.remove();
      frame.remove();
    },
  };
}

const minutes = (until: number): number => Math.max(1, Math.ceil((until - Date.now()) / MINUTE_MS));

function readPlace(): boolean {
  try {
    return sessionStorage.getItem(placeKey) === 'bottom';
  } catch {
    return false;
  }
}

function keepPlace(bottom: boolean): void {
  try {
    sessionStorage.setItem(placeKey, bottom ? 'bottom' : 'top');
  } catch {
    // Storage is forbidden: the place lasts as long as the page.
  }
}
