/**
 * Looking along as the visitor meets it: asked, agreed to, in sight, stopped. The desk's Look is the truth, save that a wish of the
 * visitor to be seen less counts at once, whatever the desk still thinks.
 */

import { Problem } from '@balie/link';
import type { Look } from '@balie/protocol';
import type { ControlKind, LookHandle, LookShell, Over } from '../shared/look-bridge';
import { followAttention } from './attention';
import { createBar, type BarModel, type BarState } from './bar';
import { localTime, skewOf } from './clocks';
import { arrive } from './crossing';
import { deskOf } from './desk';
import { ENDS, type EndReason } from './ends';
import { onEscapeTwice } from './escape';
import { isOwnTab, NOTHING, readKept, writeKept, type Kept } from './kept';
import { createLayer } from './layer';
import { Lead, type LeadChannel } from './lead';
import { Questions } from './questions';
import { barState } from './sight';
import { followSisters } from './sisters';
import { followTab } from './tab';
import { Telling } from './telling';
import { translation } from './texts';

const GRANT_MS = 600_000;
const SETTLE_MS = 50;
/** A wish that the desk did not take is told again after so long. */
const RECONCILE_MS = 2_000;

export function createLooking(shell: LookShell): LookHandle {
  const { root, options } = shell;
  const { inbox } = options;
  const desk = deskOf(shell.call);
  const stopping = new AbortController();
  let say = translation(options.language);
  const local = (at: number | null, mostMs: number) => localTime(at, kept?.skew ?? null, mostMs);
  let look: Look | null = null;
  let kept: Kept | null = readKept(inbox);
  /** Grows with everything heard, so that an answer that was overtaken is dropped. */
  let stamp = 0;
  let settle: ReturnType<typeof setTimeout> | undefined;
  let suspended = false;
  let resumedAt = -Infinity;
  let reconciling: ReturnType<typeof setTimeout> | undefined;
  /** The look whose question waits until the visitor has done typing. */
  let held = '';
  /** Why the look ended, when a fact has told that before the desk was asked. */
  let endReason: EndReason | null = null;

  const layer = createLayer(root);
  const bar = createBar(root, layer, {
    pause,
    resume,
    stop: () => end('visitor'),
    here: () => look && askHere(look),
    answer: () => look && askNow(look),
    decline: () => look && decline(look),
    revoke: (kind) => void tell((id) => desk.revoke(id, kind)),
    stopRecording: () => look && void desk.stopRecording(look.id).then(() => refresh()),
  }, say);
  const telling = new Telling(shell, desk, { layer: layer.element, agentName: () => nameOf(look), grants: grantsNow, look: hear, proposed: (agent, page) => questions.askVisit(agent, page, attention), changed: pageChanged, over });
  const questions = new Questions(shell, desk, {
    say: () => say,
    local,
    nameOf,
    changed: draw,
    unsure: () => void refresh(),
    offered({ look: it, code, expiresAt }) {
      keep({ ...NOTHING, look: it.id, tab: shell.tab, code, codeUntil: expiresAt, skew: skewOf(it.createdAt) });
      hear(it);
    },
    cancelled: () => end('visitor', true),
  });
  const attention = followAttention(root, () => questions.freed() || (look?.id === held && ask(look)), stopping.signal);
  const lead = new Lead('BroadcastChannel' in globalThis ? (new BroadcastChannel(`balie:${inbox}:look`) as LeadChannel) : null, (mine) => {
    if (mine && kept?.consented && !suspended) telling.start(kept.look);
    else halt();
    draw();
  });

  // What the desk says

  async function refresh(): Promise<void> {
    stamp += 1;
    const mine = stamp;
    try {
      const answer = await desk.current();
      if (mine === stamp) hear(answer);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) hear(null);
    }
  }

  function hear(next: Look | null): void {
    stamp += 1;
    if (stopping.signal.aborted || suspended) return;
    const before = look;
    look = next?.state === 'ended' ? null : next;
    questions.fit(look);
    if (kept && look?.id !== kept.look) {
      const reason = (next?.id === kept.look ? next.endReason : null) ?? endReason;
      const told = kept.consented || reason === 'timeout';
      const name = nameOf(next ?? before);
      forget();
      if (told && !look) goodbye(reason, name);
    }
    endReason = null;
    switch (look?.state) {
      case 'code':
        if (kept?.code) questions.showCode(kept.code, kept.codeUntil - kept.skew);
        break;
      case 'invited':
      case 'asking':
        // Nobody is asked behind their back: a tab that is not in sight asks when it is.
        if (!questions.missed.has(look.id) && document.visibilityState === 'visible') ask(look);
        break;
      case 'viewing':
      case 'paused':
        if (kept?.consented) goesOn(look);
    }
    draw();
  }

  function goesOn(it: Look): void {
    if (!kept?.agent) keep({ agent: nameOf(it) });
    if (!lead.mine || !kept) return;
    // Paused in another tab of this visitor; a word from before they pressed Resume here may still be on its way.
    if (it.pausedBy === 'visitor' && !kept.paused && performance.now() - resumedAt > RECONCILE_MS) keep({ paused: true });
    telling.pause(kept.paused);
    questions.askMore(it, it.state === 'viewing' && !kept.paused, options.language);
    reconcile();
  }

  /** What the visitor or the page wants and the desk does not know yet, is told again, one try at a time. */
  function reconcile(): void {
    if (reconciling !== undefined || !look || !kept?.consented || !lead.mine || telling.line !== 'up') return;
    const by = kept.paused ? 'visitor' : 'page';
    const wanted = kept.paused || telling.page === 'paused_by_page' ? 'paused' : 'viewing';
    if (look.state === wanted || (wanted === 'viewing' && look.pausedBy !== 'page')) return;
    reconciling = setTimeout(() => {
      reconciling = undefined;
      reconcile();
    }, RECONCILE_MS);
    void tell((id) => (wanted === 'paused' ? desk.pause(id, by) : desk.resume(id, by)));
  }

  async function tell(what: (id: string) => Promise<Look>): Promise<boolean> {
    const id = look?.id ?? kept?.look;
    if (!id) return false;
    try {
      hear(await what(id));
      return true;
    } catch {
      void refresh();
      return false;
    }
  }

  // Yes and no

  /** In the middle of a word the visitor is only told, by the bar: a dialog would take the rest of it. */
  function ask(it: Look): void {
    if (!attention.busy() || questions.asksConsent) return askNow(it);
    held = it.id;
    attention.wait();
  }

  function askNow(it: Look): void {
    held = '';
    if (kept?.consented && kept.look === it.id) return;
    questions.ask(it, async () => agreed(await desk.answer(it.id, true, options.language)), () => decline(it));
  }

  /** The same question for one more tab, while the look goes on in another. */
  function askHere(it: Look): void {
    questions.ask(it, async () => agreed(await desk.place(it.id, shell.tab, options.language)), draw);
  }

  function agreed(it: Look): void {
    // A no that came while the yes was on its way.
    if (questions.missed.has(it.id)) return void desk.end(it.id, 'visitor');
    questions.close();
    keep({ ...NOTHING, look: it.id, tab: shell.tab, agent: nameOf(it), consented: true, skew: kept?.skew ?? skewOf(it.acceptedAt) });
    void isOwnTab(shell.tab, navigator.locks);
    lead.take();
    hear(it);
  }

  function decline(it: Look): void {
    questions.missed.add(it.id);
    forget();
    look = null;
    draw();
    desk.answer(it.id, false, options.language).catch(() => void desk.end(it.id, 'visitor'));
  }

  // Less, and no more

  function pause(): void {
    keep({ paused: true });
    telling.pause(true);
    questions.closeMore();
    draw();
    void tell((id) => desk.pause(id, 'visitor'));
  }

  function resume(): void {
    keep({ paused: false });
    resumedAt = Infinity;
    draw();
    void tell((id) => desk.resume(id, 'visitor')).then((done) => {
      resumedAt = performance.now();
      if (done || !kept?.consented) return;
      keep({ paused: true });
      draw();
    });
  }

  /** Over for this tab now; the desk hears of it as soon as it can. */
  function end(reason: EndReason, quietly = false): void {
    const id = look?.id ?? kept?.look;
    const name = nameOf(look);
    halt();
    questions.close();
    stamp += 1;
    look = null;
    if (id) {
      kept = { ...NOTHING, look: id, tab: shell.tab, ended: reason };
      writeKept(inbox, kept);
      void desk.end(id, reason).then((known) => known && kept?.look === id && forget());
    }
    lead.lose();
    if (!quietly && id) goodbye(reason, name);
    draw();
  }

  function over(why: Over): void {
    if (why === 'taken_over') return lead.lose();
    if (why !== 'refused') return end(why);
    halt();
    void refresh();
  }

  function halt(): void {
    telling.stop();
    questions.closeMore();
  }

  function forget(): void {
    kept = null;
    writeKept(inbox, null);
    halt();
    lead.lose();
  }

  function goodbye(reason: EndReason | null, name: string): void {
    const key = reason ? ENDS[reason] : 'endedVisitor';
    if (key) bar.farewell(say(key, { name }));
  }

  // What is in sight

  function pageChanged(): void {
    reconcile();
    draw();
  }

  function draw(): void {
    if (stopping.signal.aborted) return;
    const { line, page } = telling;
    const unasked = look !== null && (held === look.id || questions.missed.has(look.id));
    const state = barState({ look, kept, suspended, leads: lead.mine, line, page, asksConsent: questions.asksConsent, unasked });
    bar.draw(state && modelOf(state));
  }

  function modelOf(state: BarState): BarModel {
    const { scroll, act } = grantsNow();
    const grants: { kind: ControlKind; until: number }[] = [];
    if (scroll && look) grants.push({ kind: 'scroll', until: local(look.scrollUntil, GRANT_MS) });
    if (act && look) grants.push({ kind: 'act', until: local(look.actUntil, GRANT_MS) });
    const others = (look?.watchers ?? []).filter((it) => it.id !== look?.agent?.id).length;
    return { state, name: nameOf(look), others, grants, recorded: look?.recording?.state === 'on' };
  }

  function nameOf(it: Look | null): string {
    return it?.agent?.name || kept?.agent || say('someone');
  }

  function grantsNow(): { scroll: boolean; act: boolean } {
    const now = Date.now() + (kept?.skew ?? 0);
    const may = (until: number | null | undefined) => look?.state === 'viewing' && !kept?.paused && (until ?? 0) > now;
    return { scroll: may(look?.scrollUntil), act: may(look?.actUntil) };
  }

  function keep(change: Partial<Kept>): void {
    if (!kept && change.look === undefined) return;
    kept = { ...NOTHING, look: '', tab: shell.tab, ...kept, ...change };
    writeKept(inbox, kept);
  }

  // What happens in the window

  onEscapeTwice(stopping.signal, () => kept?.consented && end('escape'));
  const sisters = () => (look && lead.mine && !kept?.paused && telling.line === 'up' ? telling.sisters : []);
  followSisters(sisters, (to) => desk.handOver(look?.id ?? '', to), stopping.signal);
  followTab(stopping.signal, {
    turnedTo() {
      if (suspended) return;
      if (kept?.consented) lead.take();
      else if (look) hear(look);
    },
    left(why, keeps) {
      telling.leave(why);
      if (keeps) halt();
    },
    broughtBack: () => kept?.consented && lead.mine && telling.start(kept.look),
  });

  /** A page load while somebody looks along: goes on without a new question, if this is the tab that agreed. */
  async function goOn(before: Kept): Promise<void> {
    if (before.ended) {
      if ((await desk.end(before.look, before.ended)) && kept === before) forget();
      return;
    }
    if (before.tab !== shell.tab || (before.consented && !(await isOwnTab(before.tab, navigator.locks)))) {
      if (kept === before) forget();
      return;
    }
    if (kept !== before) return;
    telling.pause(before.paused);
    if (before.consented && document.visibilityState === 'visible') lead.take();
    draw();
  }
  if (kept) void goOn(kept);

  return {
    changed(reason) {
      endReason = reason ?? endReason;
      // The mirror's socket tells it by itself, and sooner.
      if (telling.line === 'up') return;
      clearTimeout(settle);
      settle = setTimeout(() => void refresh(), SETTLE_MS);
    },
    current: () => look?.id ?? kept?.look,
    arrive: (word) => arrive(shell, word, say, agreed),
    showCode: () => void questions.offer(),
    language(language) {
      say = translation(language);
      bar.language(say);
    },
    suspend() {
      suspended = true;
      halt();
      questions.close();
      draw();
    },
    resume() {
      if (!suspended) return;
      suspended = false;
      if (kept?.consented && lead.mine) telling.start(kept.look);
      void refresh();
    },
    leave() {
      halt();
      questions.close();
      clearTimeout(settle);
      clearTimeout(reconciling);
      stopping.abort();
      lead.close();
      bar.remove();
      layer.remove();
      kept = null;
      writeKept(inbox, null);
    },
  };
}
