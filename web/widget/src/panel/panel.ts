/** The panel's own state, apart from the talk: open or not, language, draft, sound, and what a screen reader hears. */

import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { Problem } from '@balie/link';
import type { FactOf } from '@balie/protocol';
import type { Language, PanelHandle, Shell } from '../shared/bridge';
import { forgetTraces, keepOpen, readTrace, worthResuming, writeTrace } from '../shared/traces';
import { chime, keepSound, wantsSound } from './chime';
import { openDialog } from './dialog';
import { keepDraft, readDraft } from './draft';
import { followForms, type Hints } from './hints';
import { createLooking, type Looking } from './looking';
import { createTalk, type Talk } from './talk';
import { translation, type Translation } from './texts';
import { followPages, tabName, type Trail } from './trail';
import { watchTrouble, type Trouble } from './trouble';

export interface Heard {
  key: string;
  name: string;
  text: string;
}

export interface Panel {
  talk: Talk;
  looking: Looking;
  position: string;
  open: ReadonlySignal<boolean>;
  language: ReadonlySignal<Language>;
  t: ReadonlySignal<Translation>;
  draft: ReadonlySignal<string>;
  sound: ReadonlySignal<boolean>;
  trouble: ReadonlySignal<Trouble>;
  /** The last new messages, for the live region. */
  heard: ReadonlySignal<readonly Heard[]>;
  dialog: { current: HTMLDialogElement | null };
  field: { current: HTMLTextAreaElement | null };
  setDraft(text: string): void;
  setSound(on: boolean): void;
  hide(): void;
}

const HEARD = 3;

export function createPanel(shell: Shell, draw: (panel: Panel) => () => void): PanelHandle {
  const { options } = shell;
  const { inbox } = options;
  const open = signal(false);
  const language = signal(options.language);
  const draft = signal(readDraft(inbox));
  const sound = signal(wantsSound(inbox));
  const heard: Signal<readonly Heard[]> = signal([]);
  const talk: Talk = createTalk(options, { message: onMessage, look: (fact) => looking.changed(fact) });
  const looking = createLooking(shell, talk);
  const { trouble, stop: stopWatching } = watchTrouble(talk.status);
  let trail: Trail | undefined;
  let hints: Hints | undefined;
  let close: (() => void) | undefined;

  const panel: Panel = {
    talk,
    looking,
    position: options.position,
    open,
    language,
    t: computed(() => translation(language.value)),
    draft,
    sound,
    trouble,
    heard,
    dialog: { current: null },
    field: { current: null },
    setDraft(text) {
      draft.value = text;
      keepDraft(inbox, text);
    },
    setSound(on) {
      sound.value = on;
      keepSound(inbox, on);
      if (on) chime();
    },
    hide: () => hide(true),
  };
  /** Who this is depends on what the visitor answers to a look from a sister site: until then nobody is connected. */
  let arriving = options.word ? looking.arrive(options.word).catch(() => false) : null;
  void arriving?.then(() => (arriving = null));
  const erase = draw(panel);
  const hasTalk = () =>
    talk.pending.value.length > 0 || (talk.state.value?.conversations.some((it) => it.status === 'open' || it.unread > 0) ?? false);

  const stop = [
    stopWatching,
    effect(() => shell.onUnread(talk.unread.value)),
    effect(() => {
      if (talk.status.value.state !== 'live') return;
      trail?.look(true);
      talk.claim();
      looking.connected();
      if (hasTalk()) hint();
    }),
    effect(() => {
      const lasting = hasTalk();
      const trace = readTrace(inbox);
      if (lasting && talk.status.value.state === 'live' && !hints) hint();
      if (talk.state.value && trace && trace.talk !== lasting) writeTrace(inbox, { ...trace, talk: lasting });
    }),
  ];

  function onMessage(fact: FactOf<'message_added'>): void {
    const { actor, body } = fact;
    heard.value = [...heard.value, { key: body.cid, name: actor.name, text: body.text }].slice(-HEARD);
    if (sound.value && !(open.value && document.hasFocus())) oneTabOnly(chime);
  }

  /** Nobody answers a visitor who asked nothing: their pages stay their own. */
  function hint(): void {
    hints ??= followForms(tabName(), (state) =>
      talk.call('page-state', 'POST', state).then(
        () => true,
        // Not wanted, or not by this page: no other try. A line that is down is another matter.
        (error: unknown) => {
          if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) return false;
          throw error;
        },
      ),
    );
    hints.tell();
  }

  function connect(): void {
    if (arriving) return void arriving.then(connect);
    trail ??= followPages(inbox, hasTalk, (page) => talk.link.signal(page));
    trail.look();
    talk.link.start();
    looking.resume();
  }

  function show({ restore }: { restore: boolean }): void {
    connect();
    if (open.value || !panel.dialog.current) return;
    keepOpen(inbox, true);
    open.value = true;
    close = openDialog(panel.dialog.current, { restore, field: () => panel.field.current, closed: () => hide(true) });
    shell.onOpen(true, false);
  }

  function hide(focus: boolean): void {
    if (!open.value) return;
    keepOpen(inbox, false);
    fold(focus);
  }

  function fold(focus: boolean): void {
    const inside = focus && shell.root.activeElement !== null;
    close?.();
    open.value = false;
    shell.onOpen(false, inside);
  }

  function disconnect(): void {
    trail?.stop();
    hints?.stop();
    trail = hints = undefined;
    talk.link.stop();
  }

  return {
    show,
    hide: () => hide(true),
    resume() {
      if (arriving) void arriving.then((goesOn) => (goesOn || worthResuming(readTrace(inbox), Date.now())) && connect());
      else connect();
    },
    pause() {
      looking.suspend();
      if (open.value) fold(false);
      disconnect();
    },
    update(change) {
      if (change.language) {
        language.value = change.language;
        looking.language(change.language);
      }
      talk.claim();
    },
    page: () => trail?.look(),
    prefill: (text) => draft.value || panel.setDraft(text),
    async shutdown() {
      const told = looking.signOut();
      if (open.value) fold(false);
      disconnect();
      for (const end of stop) end();
      erase();
      keepDraft(inbox, '');
      keepSound(inbox, false);
      forgetTraces(inbox);
      await told;
      await talk.forget();
    },
  };
}

/** Several tabs get the same message; one of them makes the sound. */
function oneTabOnly(act: () => void): void {
  if (!('locks' in navigator)) return act();
  void navigator.locks.request('balie:sound', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    act();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  });
}
