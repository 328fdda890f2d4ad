/**
 * The one file a page loads before anybody wants to chat: draws the launcher, keeps the `Balie` calls in order and
 * fetches the panel on intent. Stores nothing and connects to nothing by itself.
 */

import { readOptions, type Settings } from './options';
import { createWidget, type Tell, type Widget } from './widget';

interface Entry {
  (name: string, argument?: unknown): void;
  /** Calls made before this file was there. */
  q?: ArrayLike<unknown>[];
  version?: string;
}

const page = window as unknown as { Balie?: Entry };
const script = (document.currentScript ?? document.querySelector('script[data-inbox]')) as HTMLScriptElement | null;
const listeners: Record<string, ((count?: number) => void)[]> = {};
let widget: Widget | undefined;

const tell: Tell = (event, count) => {
  for (const listener of listeners[event] ?? []) listener(count);
};
const on = (event: string) => (listener: unknown) => void (listeners[event] ??= []).push(listener as () => void);

function boot(settings?: unknown): void {
  if (widget) return widget.update((settings ?? {}) as Settings);
  const options = readOptions(new URL('.', script?.src).href, script?.dataset ?? {}, (settings ?? {}) as Settings);
  if (options) widget = createWidget(options, tell);
  else console.warn('Balie: no inbox; set data-inbox on the script tag');
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
  ['update', (change) => widget?.update((change ?? {}) as Settings)],
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

if (page.Balie?.version) console.warn('Balie: widget.js is on this page twice');
else {
  const early = Array.from(page.Balie?.q ?? [], (call) => Array.from(call));
  const run: Entry = (name, argument) => {
    const command = commands.get(name);
    if (command) command(argument);
    else console.warn(`Balie: no command ${name}`);
  };
  run.version = __VERSION__;
  page.Balie = run;
  const start = () => {
    // The tag boots by itself, unless the page queued a boot of its own.
    if (script?.dataset['inbox'] && !early.some(([name]) => name === 'boot')) boot();
    for (const [name, argument] of early) run(String(name), argument);
  };
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start, { once: true });
}
