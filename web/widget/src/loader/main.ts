/**
 * The one file a page loads before anybody wants to chat: draws the launcher, keeps the `Balie` calls in order and
 * fetches the panel on intent. Stores nothing and connects to nothing by itself.
 */

import type {} from '../../balie';
import { warn } from '../shared/developer';
import { WORD } from '../shared/traces';
import { readOptions, type Settings } from './options';
import { createWidget, type Tell, type Widget } from './widget';

// Out of the address before anything else: it works once, and is nobody else's business.
const word = location.hash.split(WORD)[1];
if (word) history.replaceState(history.state, '', location.href.slice(0, -word.length - WORD.length - 1));

const script = (document.currentScript ?? document.querySelector('script[data-inbox]')) as HTMLScriptElement | null;
const listeners: Record<string, ((count?: number) => void)[]> = {};
let widget: Widget | undefined;

const tell: Tell = (event, count) => {
  for (const listener of listeners[event] ?? []) listener(count);
};
const on = (event: string) => (listener: unknown) => void (listeners[event] ??= []).push(listener as () => void);

function boot(settings: unknown): void {
  const call = (settings ?? {}) as Settings;
  if (widget) return widget.update(call);
  const options = readOptions(new URL('.', script?.src).href, script?.dataset ?? {}, call);
  if (options) options.word = word;
  if (options) widget = createWidget(options, tell);
  else warn('no inbox; set data-inbox on the script tag');
}

const show = () => widget?.show();
const hide = () => widget?.hide();
const commands = new Map<unknown, (argument?: unknown) => void>([
  ['boot', boot],
  ['show', show],
  ['open', show],
  ['hide', hide],
  ['close', hide],
  ['showNewMessage', (text) => widget?.show(text)],
  ['update', (change) => widget?.update(change ?? {})],
  ['trackPage', () => widget?.page()],
  [
    'shutdown',
    () => {
      widget?.end();
      widget = undefined;
    },
  ],
  ...(['onShow', 'onHide', 'onUnreadCountChange'] as const).map((event) => [event, on(event)] as const),
]);

if (window.Balie?.version) warn('widget.js is on this page twice');
else {
  const early = Array.from(window.Balie?.q ?? [], (call) => Array.from(call));
  const run = (name: unknown, argument?: unknown): void => {
    const command = commands.get(name);
    if (command) command(argument);
    else warn(`there is no command ${String(name)}`);
  };
  window.Balie = Object.assign(run, { version: __VERSION__ });
  const start = () => {
    // The tag boots by itself, unless the page queued a boot of its own.
    if (script?.dataset['inbox'] && !early.some(([name]) => name === 'boot')) boot({});
    for (const [name, argument] of early) run(name, argument);
  };
  if (document.querySelector('body')) start();
  else document.addEventListener('DOMContentLoaded', start, { once: true });
}
