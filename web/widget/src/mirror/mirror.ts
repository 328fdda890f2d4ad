/** This page, told to the agents: the recorder at one end of the line. Runs only while the desk and the visitor both say so. */

import { Class, Flag, shownAddress, type RecorderState } from '@balie/cobrowse';
import { parsePolicy, Recorder, type Policy } from '@balie/cobrowse/recorder';
import type { MirrorFrame } from '@balie/protocol';
import type { MirrorHandle, MirrorShell, Ticket } from '../shared/look-bridge';
import { assetReference } from './assets';
import { Line } from './line';
import { createOverlay } from './overlay';

const ALIVE_MS = 10_000;
/** Scrolling is one long act of many steps. */
const SCROLL_MS = 10_000;
/** A page that the visitor goes to waits so long for the desk to know of it. */
const REPORT_MS = 1_000;
/** What needs a snapshot for everybody at about the same time needs one. */
const JOINED_MS = 250;
/** What a page may weigh, compressed; beyond that a copy would keep everybody waiting. */
const SNAPSHOT_BYTES = 24 * 1_048_576;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

export function createMirror(shell: MirrorShell): MirrorHandle {
  let ticket: Ticket | null = null;
  let recorder: Recorder | null = null;
  let over = false;
  /** The visitor pressed pause: stands above all that the desk says. */
  let paused = false;
  /** The desk's last word; a line that breaks does not change it. */
  let viewing = false;
  let snapshotBytes = 0;
  let aliveAt = -Infinity;
  let scrolledAt = -Infinity;
  let joined: ReturnType<typeof setTimeout> | undefined;
  const stopping = new AbortController();
  /** Agents by the number of their window. */
  const agents = new Map<number, string>();
  /** The desk's address, with a slash at the end. */
  const desk = shell.url.replace(/^ws/, 'http').replace(/v1\/[^?]*$/, '');
  const overlay = createOverlay(shell.layer, () => shell.agentName());

  const line = new Line({
    url: shell.url,
    clock: { now: () => Date.now(), setTimeout: (run, ms) => setTimeout(run, ms), clearTimeout: (it) => clearTimeout(it as number) },
    random: () => Math.random(),
    socket: (url) => new WebSocket(url) as unknown as ReturnType<ConstructorParameters<typeof Line>[0]['socket']>,
    ticket: () => shell.ticket(),
    onTicket(got) {
      // Another policy, or a first one: the page is told anew under it.
      if (ticket && got.policyHash !== ticket.policyHash) drop();
      ticket = got;
    },
    onState: (state) => shell.onLine(state),
    onWord: heard,
    onFrame(frame) {
      recorder?.receive(frame).catch(() => undefined);
    },
    onOver(why) {
      stop();
      shell.onOver(why);
    },
  });

  function heard(word: MirrorFrame): void {
    if (word.t === 'state') {
      const before = viewing;
      viewing = word.look.state === 'viewing';
      if (!viewing) overlay.clear();
      follow(viewing && !before);
      shell.onLook(word.look);
    } else if (word.t === 'joined') {
      const { watcher, agent } = word;
      agents.set(watcher, agent.name);
      if (watcher !== 0) return guard(() => recorder?.portray(watcher));
      clearTimeout(joined);
      joined = setTimeout(() => guard(() => recorder?.resync()), JOINED_MS);
    }
  }

  /** `anew`: the relay did not let through what was told before. */
  function follow(anew: boolean): void {
    if (over) return;
    guard(() => {
      if (paused) return recorder?.pause();
      if (!viewing) return;
      if (!recorder) begin();
      else if (recorder.state === 'paused') recorder.resume();
      else if (anew) recorder.resync();
    });
  }

  function begin(): void {
    if (!ticket) return;
    const policy: Policy = parsePolicy(ticket.policy);
    recorder = new Recorder(window, {
      policy,
      epoch: ticket.epoch,
      send,
      buffered: () => line.buffered,
      assets: (address) => assetReference(address, location.origin),
      grants: () => shell.grants(),
      own: ['widget', 'v1/'].map((it) => desk + it),
      flash: (element) => overlay.flash(element),
      guided: (message, element) => overlay.guided(message, element),
      state: (state) => told(state),
      acted(action, label, outcome) {
        const now = Date.now();
        if (action === 'scroll' && now - scrolledAt < SCROLL_MS) return;
        if (action === 'scroll') scrolledAt = now;
        void shell.onAction({ action, label, outcome });
      },
      proposed: (page, watcher) => shell.onProposed(agents.get(watcher) || shell.agentName(), page),
      visited(page, outcome) {
        const told = shell.onAction({ action: 'visit', label: shownAddress(page.href), outcome });
        const late = new Promise((done) => setTimeout(done, REPORT_MS));
        if (outcome === 'done') void Promise.race([told, late]).then(() => !over && location.assign(page.href));
      },
      failed: fail,
    });
    recorder.start();
  }

  function told(state: RecorderState): void {
    if (state === 'viewing' || state === 'paused_by_page' || state === 'never_here') shell.onPage(state);
  }

  function send(frame: Uint8Array<ArrayBuffer>): void {
    const flags = frame[3] ?? 0;
    snapshotBytes = flags & Flag.snapshot ? snapshotBytes + frame.length : 0;
    if (snapshotBytes > SNAPSHOT_BYTES) return finish('page_too_large');
    line.frame(frame, frame[1] === Class.critical);
  }

  /** Nothing that goes wrong here may reach the page. */
  function guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    if (over) return;
    console.warn('Balie: looking along stopped,', error);
    finish('recorder_failed');
  }

  function finish(why: 'recorder_failed' | 'page_too_large'): void {
    if (over) return;
    stop();
    shell.onOver(why);
  }

  function drop(): void {
    const it = recorder;
    recorder = null;
    try {
      it?.stop();
    } catch {
      // It failed before; what it watched goes with the page.
    }
    line.drop();
  }

  function stop(): void {
    if (over) return;
    over = true;
    clearTimeout(joined);
    stopping.abort();
    drop();
    line.stop();
    overlay.remove();
  }

  for (const name of INPUT) {
    window.addEventListener(
      name,
      (event) => {
        if (!event.isTrusted || event.timeStamp - aliveAt < ALIVE_MS) return;
        aliveAt = event.timeStamp;
        line.word({ t: 'alive' });
      },
      { capture: true, passive: true, signal: stopping.signal },
    );
  }
  line.start();

  return {
    pause(now) {
      if (now === paused || over) return;
      paused = now;
      if (paused) {
        overlay.clear();
        guard(() => recorder?.pause());
        line.drop();
      } else follow(false);
    },
    leave: (why) => line.word({ t: 'leaving', d: { why } }),
    stop,
  };
}
