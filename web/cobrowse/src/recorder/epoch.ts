/** One epoch: a snapshot of the page and every change after it, told in slices between which the page gets its turn. */

import { Class, Flag, Kind, StringsOut, Type, write, Writer } from '../protocol';
import type { ProtectedFields } from '../rules';
import { Boxes } from './boxes';
import { Describer } from './describe';
import { Fields, FIELDS } from './fields';
import { guardOf, type Guard } from './guard';
import type { Marks } from './marks';
import type { RecorderOptions } from './options';
import { BUSY_BYTES, FLOODED_BYTES, type Outlet } from './outlet';
import { sitting, type Sitting } from './portrait';
import { Roots, type Root } from './roots';
import { Sheets } from './sheets';
import type { Signals } from './signals';
import type { Sprites } from './sprites';
import { StampedOps } from './stamped';
import { Tree, type Twin } from './tree';
import type { Troubles } from './troubles';
import { Walk } from './walk';

/** The longest the page's own work waits for ours. */
const SLICE_MS = 8;
/** How long a change waits for a frame to be painted; none is while the page is in the background. */
const UNPAINTED_MS = 50;
/** A frame is closed beyond this size, far below the relay's limit. */
const CHUNK_BYTES = 131_072;
/** After so long without a change or the visitor's hand a page is calm. */
const CALM_MS = 4_000;
/** A watcher that keeps asking for a snapshot gets one no more often. */
const PORTRAIT_MS = 1_000;

export class Epoch {
  readonly tree = new Tree();
  readonly fields: Fields;
  /** The first telling is not over yet. */
  snapshot = true;
  working = false;
  private readonly window: Window;
  private readonly options: RecorderOptions;
  private readonly guard: Guard;
  private readonly outlet: Outlet;
  private readonly marks: Marks;
  private readonly signals: Signals;
  private readonly describer: Describer;
  private readonly sheets: Sheets;
  private readonly sprites: Sprites;
  private readonly boxes: Boxes;
  private readonly walk: Walk;
  private readonly roots: Roots;
  private readonly strings = new StringsOut();
  private readonly channel = new MessageChannel();
  private readonly stopping = new AbortController();
  private top: Twin | null = null;
  private waiting: { cancel: () => void } | null = null;
  private marksStale = true;
  private namesRead = 0;
  private digestStale = true;
  /** When something changed on the page. */
  private toldAt = 0;
  private readonly typed = new Set<Twin>();
  private readonly hosts = new Set<Twin>();
  private readonly layers = new Set<Twin>();
  private readonly played = new Set<Twin>();
  private pictures: [Twin, Uint8Array][] = [];
  /** Who waits for a portrait, and what makes it. */
  private readonly sitters = new Map<number, () => Sitting>();
  private readonly portrayedAt = new Map<number, number>();
  private sitting: Sitting | null = null;

  constructor(window: Window, options: RecorderOptions, outlet: Outlet, marks: Marks, signals: Signals, protection: ProtectedFields, sprites: Sprites, troubles: Troubles) {
    this.window = window;
    this.options = options;
    const guard = (this.guard = guardOf(options.failed));
    this.outlet = outlet;
    this.marks = marks;
    this.signals = signals;
    this.describer = new Describer(options.policy, marks, options.assets ?? (() => null), sprites);
    this.fields = new Fields(this.describer, protection);
    this.sheets = new Sheets(this.describer);
    this.sprites = sprites;
    this.boxes = new Boxes(marks, () => this.soon());
    this.walk = new Walk(this.tree, marks, this.describer, this.fields, sprites, {
      joined: (twin, ops) => {
        this.joined(twin);
        this.boxes.joined(twin, ops);
      },
      left: (twin) => this.left(twin),
    });
    this.roots = new Roots({
      mutated: guard((records) => this.mutated(records)),
      scrolled: guard((target) => signals.scrolled(target)),
      typed: guard(() => this.soon()),
      focused: guard((target) => signals.focused(target)),
      media: guard((target) => this.later(this.played, target)),
      layer: guard((target) => this.later(this.layers, target)),
      loaded: guard((target) => this.loaded(target)),
      failed: guard((target) => troubles.failed(target)),
      invalid: guard((target) => troubles.invalid(target)),
      pointed: guard((event) => signals.pointed(event)),
    });
    this.channel.port1.onmessage = guard(() => this.slice());
  }

  start(): void {
    this.marks.refresh([this.window.document]);
    this.roots.watch(this.window.document);
    this.go();
  }

  stop(): void {
    this.stopping.abort();
    this.waiting?.cancel();
    this.roots.stop();
    this.boxes.stop();
    this.channel.port1.close();
  }

  get isTold(): boolean {
    return !this.working && !this.snapshot && !this.waiting && !this.isPicturing && this.sheets.pending + this.sprites.pending === 0;
  }

  /** A snapshot or a portrait is on its way out. */
  get isPicturing(): boolean {
    return this.snapshot || this.sitting !== null || this.sitters.size > 0;
  }

  /** A snapshot for one watcher; at most one waits. */
  portray(watcher: number, knows: boolean, prelude: () => Uint8Array<ArrayBuffer>[]): void {
    const { tree, strings, sheets, boxes, outlet } = this;
    const scrolled = (twin: Twin): void => this.scrolled(twin);
    this.sitters.set(watcher, () => sitting(watcher, knows, { tree, strings, sheets, boxes, outlet, scrolled }, this.top!, prelude));
    const wait = (this.portrayedAt.get(watcher) ?? -Infinity) + PORTRAIT_MS - this.window.performance.now();
    if (wait > 0) this.window.setTimeout(this.guard(() => this.go()), wait);
    else this.go();
  }

  /** Hears what the page did up to now. */
  drain(): void {
    this.roots.drain();
  }

  /** Once for each frame that the browser paints; a page in the background paints none, and a slow line makes it longer. */
  soon(): void {
    if (this.waiting || this.working || this.stopping.signal.aborted) return;
    const { window } = this;
    const run = this.guard(() => {
      this.waiting?.cancel();
      this.waiting = null;
      this.go();
    });
    const buffered = this.options.buffered?.() ?? 0;
    const isBusy = buffered > BUSY_BYTES;
    const paint = isBusy ? 0 : window.requestAnimationFrame(run);
    const timer = window.setTimeout(run, isBusy ? Math.min(250, 50 + buffered / 8192) : UNPAINTED_MS);
    this.waiting = {
      cancel: () => {
        window.cancelAnimationFrame(paint);
        window.clearTimeout(timer);
      },
    };
  }

  /** What tells nobody when it changes. */
  poll(): void {
    if (this.working || this.snapshot) return;
    for (const twin of this.hosts) {
      const shadow = (twin.node as Element).shadowRoot;
      if (shadow && !this.tree.of(shadow)) this.walk.kids.add(twin);
    }
    this.boxes.paint(this.window.performance.now(), (twin, picture) => {
      this.pictures.push([twin, picture]);
      this.soon();
    });
    if (this.isPicturing || !this.walk.idle || this.fieldsDiffer() || this.sheets.stale([...this.roots.all.keys()], this.window.performance.now() - Math.max(this.toldAt, this.signals.touchedAt) > CALM_MS)) this.soon();
  }

  tellDigest(): void {
    if (!this.digestStale || this.working || this.snapshot || !this.top || !this.walk.idle) return;
    this.digestStale = false;
    const { nodes, value } = this.tree.digest(this.top);
    this.post(write({ type: Type.digest, nodes, value }));
  }

  tellSheet(hash: string): void {
    for (const frame of this.sheets.textFrames(hash, true)) this.post(frame);
  }

  /** A `use` has something to refer to. */
  spriteCame(use: Element): void {
    this.later(this.walk.attributes, use);
  }

  spritesGrew(holder: Element, root: Node): void {
    this.later(this.walk.kids, this.tree.of(holder) ? holder : root.nodeType === 9 ? (root as Document).documentElement : root);
  }

  private joined(twin: Twin): void {
    if (twin.kind === Kind.shadow || twin.kind === Kind.document) this.roots.watch(twin.node as Root);
    if (twin.kind !== Kind.html) return;
    if (FIELDS.has(twin.tag)) this.typed.add(twin);
    else if (twin.tag.includes('-')) this.hosts.add(twin);
    this.scrolled(twin);
  }

  private scrolled({ kind, node }: Twin): void {
    const element = node as Element;
    if (kind === Kind.html && mayScroll(element) && (element.scrollTop !== 0 || element.scrollLeft !== 0)) this.signals.scrolled(element);
  }

  private left(twin: Twin): void {
    this.typed.delete(twin);
    this.hosts.delete(twin);
    this.boxes.left(twin);
    if (twin.kind === Kind.shadow || twin.kind === Kind.document) this.roots.leave(twin.node as Root);
  }

  private mutated(records: MutationRecord[]): void {
    for (const { type, target, attributeName } of records) {
      this.marksStale ||= type !== 'characterData';
      const twin = this.tree.of(target);
      if (!twin) continue;
      if (type === 'childList') this.walk.kids.add(twin);
      else if (type === 'attributes') {
        this.walk.attributes.add(twin);
        if (attributeName === 'open' || attributeName === 'popover') this.layers.add(twin);
      } else {
        this.walk.texts.add(twin);
        // It may complete a number that nobody may see with what stands beside it.
        for (const it of twin.parent?.parent?.kids.flatMap((kid) => kid.kids) ?? []) {
          if (it.kind === Kind.text && it !== twin && /\d/.test(it.text)) this.walk.texts.add(it);
        }
      }
    }
    this.soon();
  }

  private later(into: Set<Twin>, target: Node): void {
    const twin = this.tree.of(target);
    if (twin) into.add(twin);
    this.soon();
  }

  private loaded(target: Element): void {
    const twin = this.tree.of(target);
    if (twin?.tag === 'iframe') this.walk.kids.add(twin);
    if (twin?.tag === 'img') this.walk.attributes.add(twin);
    this.soon();
  }

  private go(): void {
    if (this.working || this.stopping.signal.aborted) return;
    this.working = true;
    this.slice();
  }

  /** One slice of work and the frame that tells it. */
  private slice(): void {
    if (this.stopping.signal.aborted) return;
    if ((this.options.buffered?.() ?? 0) > FLOODED_BYTES && !this.snapshot) {
      this.working = false; // the recorder begins anew once the line is free
      return;
    }
    const { performance } = this.window;
    const started = performance.now();
    this.describer.again();
    const to = new Writer();
    to.byte(Type.ops);
    const ops = new StampedOps(to, this.strings, this.tree, () => this.outlet.seq + 1);
    const late = (): boolean => performance.now() - started > SLICE_MS || to.length > CHUNK_BYTES;
    if (!this.snapshot && !this.portraits(late)) return this.channel.port2.postMessage(0);
    this.roots.drain();
    const done = this.sheets.read(this.roots.all.keys(), late, () => this.soon()) && this.work(ops, late);
    const announced = this.sheets.announcing();
    this.sheets.write(ops, this.roots.all.keys(), (root) => this.tree.of(root)?.id);
    if (to.length > 1) {
      this.digestStale = true;
      this.toldAt = started;
      this.post(to.take());
    }
    for (const hash of announced) {
      if (!this.options.knownSheet?.(hash)) for (const frame of this.sheets.textFrames(hash, false)) this.post(frame);
    }
    if (!done) return this.channel.port2.postMessage(0);
    this.working = false;
    if (!this.walk.idle) this.soon();
    else if (this.snapshot && this.sheets.pending === 0) this.end();
  }

  /** Nothing changes in the tree until a portrait of it is done. False when time is over before. */
  private portraits(late: () => boolean): boolean {
    const now = this.window.performance.now();
    for (;;) {
      if (!this.sitting) {
        const [next] = [...this.sitters].filter(([watcher]) => (this.portrayedAt.get(watcher) ?? -Infinity) + PORTRAIT_MS <= now);
        if (!next) return true;
        this.sitters.delete(next[0]);
        this.portrayedAt.set(next[0], now);
        this.sitting = next[1]();
      }
      if (!this.sitting.work((bytes) => late() || bytes > CHUNK_BYTES)) return false;
      this.sitting = null;
      this.digestStale = true;
      this.signals.tellAll();
    }
  }

  private work(ops: StampedOps, late: () => boolean): boolean {
    this.top ??= this.walk.start(this.window.document);
    if (this.marksStale) {
      this.marksStale = false;
      for (const element of this.marks.refresh(this.roots.all.keys())) this.walk.again(element, ops);
    }
    if (this.describer.mentioned.version !== this.namesRead) {
      this.namesRead = this.describer.mentioned.version;
      for (const twin of this.tree.byId.values()) if (twin.kind <= Kind.math) this.walk.attributes.add(twin);
    }
    if (!this.walk.work(ops, late)) return false;
    for (const twin of this.typed) this.walk.field(twin, ops);
    for (const twin of this.layers) if (twin.live && twin.kind === Kind.html) this.boxes.layer(twin, ops);
    for (const twin of this.played) if (twin.live) this.boxes.media(twin, ops);
    for (const [twin, picture] of this.pictures) if (twin.live) ops.canvas(twin.id, picture);
    this.layers.clear();
    this.played.clear();
    this.pictures = [];
    this.boxes.write(ops);
    return true;
  }

  private end(): void {
    this.snapshot = false;
    this.outlet.post(Class.critical, write({ type: Type.snapshotEnd, nodes: this.tree.byId.size, at: 0 }), Flag.snapshot | Flag.snapshotEnd);
    this.signals.tellAll();
    this.tellDigest();
    if (this.sitters.size === 0) return;
    this.working = true;
    this.channel.port2.postMessage(0);
  }

  private post(payload: Uint8Array<ArrayBuffer>): void {
    this.outlet.post(Class.critical, payload, this.snapshot ? Flag.snapshot : 0);
  }

  private fieldsDiffer(): boolean {
    for (const twin of this.typed) {
      const [state, text] = this.fields.state(twin.node as Element, twin.region);
      if (state !== twin.field || text !== twin.fieldText) return true;
    }
    return false;
  }
}

/** Asking every element how far it is scrolled costs more than telling it; a few words alone scroll nowhere. */
function mayScroll(element: Element): boolean {
  const first = element.firstChild;
  return first !== null && (first.nextSibling !== null || first.nodeType !== 3 || (first as Text).length > 60 || element.localName === 'textarea');
}
