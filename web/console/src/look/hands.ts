/** The agent's hand: points, marks and draws for the visitor to see, and acts where the visitor allows it. */
import { computed, effect, signal } from '@preact/signals';
import { type FromAgent, Type } from '@balie/cobrowse';
import type { Target } from '@balie/cobrowse/applier';
import type { ControlKind } from '../api/looks';
import { announce } from '../model/announce';
import { me } from '../model/desk';
import { deskTime } from '../model/deskTime';
import { now } from '../model/now';
import { t } from '../text/index';
import { centre, offsets, type Point, toVisitor } from './geometry';
import type { LookSession } from './session';
import { POINT_MS, STROKE_MS, STROKE_PART_MS } from './times';

export const TOOLS = ['watch', 'point', 'mark', 'draw', 'act'] as const;
export type Tool = (typeof TOOLS)[number];
export type Deed = 'click' | 'fill' | 'select' | 'scroll' | 'visit';

/** One stroke on the copy, in the copy's own pixels. */
export interface Stroke {
  n: number;
  points: readonly Point[];
  fades: boolean;
}

export interface Told {
  /** `waiting` until the visitor's side has answered. */
  state: 'waiting' | 'done' | 'refused';
  text: string;
  n: number;
}

const ANSWER_MS = 10_000;
/** The visitor has 30 seconds to answer. */
const PROPOSAL_MS = 40_000;
/** Time to read how an act went, twice over. */
const TOLD_LONG_MS = 20_000;
const AWAY: Point = { x: -1, y: -1 };

export class Hands {
  readonly tool = signal<Tool>('watch');
  /** What the keyboard or the last click stands on. */
  readonly target = signal<Target | null>(null);
  /** What the visitor sees framed. */
  readonly marked = signal<Target | null>(null);
  /** A field or list that waits for the agent's words or choice. */
  readonly asking = signal<Target | null>(null);
  readonly strokes = signal<readonly Stroke[]>([]);
  readonly told = signal<Told | null>(null);
  private readonly session: LookSession;
  private readonly stopping: (() => void)[] = [];
  private readonly pending = new Map<number, { deed: Deed; label: string; timer: number }>();
  private request = 0;
  private counter = 0;
  private pointedAt = 0;
  private pointTimer = 0;
  private nextPoint: Point | null = null;
  private isPointing = false;

  constructor(session: LookSession) {
    this.session = session;
    session.onResult = (request, outcome) => this.answered(request, outcome);
    session.onRefused = (why) => this.tell('refused', this.outcomeText(why));
    this.stopping.push(
      effect(() => {
        const ids = [this.target.value?.id, this.marked.value?.id, session.focused.value, session.faulty.value].filter((id): id is number => !!id);
        // A fresh copy is told anew.
        session.copy?.track(session.copies.value === 0 ? [] : [...new Set(ids)]);
      }),
      effect(() => {
        // Numbers of nodes mean nothing in the next copy.
        if (session.copies.value === 0) return;
        if (this.marked.peek()) session.say({ type: Type.highlight, id: 0 });
        this.target.value = this.marked.value = this.asking.value = null;
      }),
      effect(() => {
        if (this.tool.value === 'act' && !this.may.value.act) this.tool.value = 'watch';
      }),
    );
  }

  /** What the visitor lets this agent do right now, and until when. */
  readonly may = computed(() => {
    const { controller, scrollUntil, actUntil } = this.session.look.value;
    const mine = controller !== null && controller.id === me.value?.id;
    const until = (at: number | null) => (mine && at !== null && at > deskTime(now.value) ? at : null);
    const act = until(actUntil);
    return { act, scroll: until(scrollUntil) ?? act };
  });

  stop(): void {
    for (const one of this.stopping.splice(0)) one();
    clearTimeout(this.pointTimer);
    for (const { timer } of this.pending.values()) clearTimeout(timer);
  }

  choose(tool: Tool): void {
    const next = tool === this.tool.peek() ? 'watch' : tool;
    if (next === 'act' && !this.may.peek().act) return;
    if (this.tool.peek() === 'point') this.pointAway();
    if (next !== 'act') this.asking.value = null;
    this.tool.value = next;
    announce(t().looking.tools[next]);
  }

  /** 30 times a second at most, and the last place always. */
  point(at: Point): void {
    this.nextPoint = at;
    if (this.pointTimer) return;
    const wait = Math.max(0, POINT_MS - (performance.now() - this.pointedAt));
    this.pointTimer = window.setTimeout(() => this.sendPoint(), wait);
  }

  pointAway(): void {
    clearTimeout(this.pointTimer);
    this.pointTimer = 0;
    this.nextPoint = null;
    if (this.isPointing) this.session.say({ type: Type.pointAt, ...AWAY });
    this.isPointing = false;
  }

  mark(target: Target | null): void {
    const same = target !== null && target.id === this.marked.peek()?.id;
    this.marked.value = same ? null : target;
    this.session.say({ type: Type.highlight, id: this.marked.peek()?.id ?? 0 });
    if (this.marked.peek()) announce(t().looking.marked(nameOf(target)));
  }

  /** Use the tool on this thing, as a click or Enter does. */
  use(target: Target): void {
    this.target.value = target;
    switch (this.tool.peek()) {
      case 'point':
        this.point(centre(target.place));
        break;
      case 'act':
        this.act(target);
        break;
      case 'mark':
        this.mark(target);
        break;
      default:
    }
  }

  act(target: Target): void {
    if (target.kind === 'text' || target.kind === 'select') this.asking.value = target;
    else this.do('click', target, (request) => ({ type: Type.click, request, id: target.id, seen: target.seen }));
  }

  fill(target: Target, text: string): void {
    this.asking.value = null;
    this.do('fill', target, (request) => ({ type: Type.fill, request, id: target.id, seen: target.seen, text }));
  }

  select(target: Target, index: number): void {
    this.asking.value = null;
    this.do('select', target, (request) => ({ type: Type.select, request, id: target.id, seen: target.seen, index }));
  }

  bring(target: Target): void {
    this.do('scroll', target, (request) => ({ type: Type.scrollTo, request, id: target.id, seen: target.seen }));
  }

  /** A page to bring the visitor to; they are asked each time, so that it takes no grant. */
  propose(address: string): void {
    this.send('visit', address.split(/[?#]/)[0] ?? '', (request) => ({ type: Type.propose, request, address }), PROPOSAL_MS);
  }

  /** Begins a stroke; `more` adds to it, `end` lets it fade. Its anchor is what stands at its first point. */
  draw(first: Point): { more: (at: Point) => void; end: () => void } {
    const n = ++this.counter;
    const points = [first];
    let sent = 0;
    let over = false;
    let timer = 0;
    let anchor: Target | null = null;
    const send = (): void => {
      timer = 0;
      if (!anchor || (sent >= points.length - 1 && sent > 0)) return;
      this.session.say({ type: Type.draw, id: anchor.id, points: offsets(points.slice(Math.max(0, sent - 1)), anchor.place) });
      sent = points.length;
    };
    const show = (fades: boolean): void => {
      this.strokes.value = [...this.strokes.peek().filter((one) => one.n !== n), { n, points: [...points], fades }];
    };
    void this.session.copy?.probe(first.x, first.y, false).then((found) => {
      anchor = found;
      if (over) send();
    });
    show(false);
    return {
      more: (at) => {
        points.push(at);
        show(false);
        if (!timer) timer = window.setTimeout(send, STROKE_PART_MS);
      },
      end: () => {
        over = true;
        clearTimeout(timer);
        send();
        show(true);
        window.setTimeout(() => (this.strokes.value = this.strokes.peek().filter((one) => one.n !== n)), STROKE_MS);
      },
    };
  }

  private do(deed: Deed, target: Target, message: (request: number) => FromAgent): void {
    const grant: ControlKind = deed === 'scroll' ? 'scroll' : 'act';
    const label = nameOf(target);
    if (!this.may.peek()[grant]) return this.tell('refused', t().looking.result.refused(t().looking.deeds[deed](label), t().looking.outcomes.no_grant));
    this.send(deed, label, message, ANSWER_MS);
  }

  private send(deed: Deed, label: string, message: (request: number) => FromAgent, patience_ms: number): void {
    const request = ++this.request;
    const timer = window.setTimeout(() => this.answered(request, 'no_answer'), patience_ms);
    this.pending.set(request, { deed, label, timer });
    this.tell('waiting', t().looking.result.waiting(t().looking.deeds[deed](label)));
    this.session.say(message(request));
  }

  private answered(request: number, outcome: string): void {
    const asked = this.pending.get(request);
    if (!asked) return;
    clearTimeout(asked.timer);
    this.pending.delete(request);
    const what = t().looking.deeds[asked.deed](asked.label);
    if (outcome === 'done') this.tell('done', t().looking.result.done(what));
    else this.tell('refused', t().looking.result.refused(what, this.outcomeText(outcome)));
  }

  private outcomeText(outcome: string): string {
    const known = t().looking.outcomes as Record<string, string | undefined>;
    return known[outcome] ?? t().looking.outcomes.failed;
  }

  private tell(state: Told['state'], text: string): void {
    this.told.value = { state, text, n: ++this.counter };
    if (state === 'waiting') return;
    announce(text);
    const { counter } = this;
    window.setTimeout(() => {
      if (this.told.peek()?.n === counter) this.told.value = null;
    }, TOLD_LONG_MS);
  }

  private sendPoint(): void {
    this.pointTimer = 0;
    if (!this.nextPoint) return;
    this.pointedAt = performance.now();
    this.isPointing = true;
    this.session.say({ type: Type.pointAt, ...toVisitor(this.nextPoint, this.session.view.peek()) });
    this.nextPoint = null;
  }
}

export function nameOf(target: Target | null): string {
  return target === null ? '' : target.label || t().looking.kinds[target.kind];
}
