/** The visitor's end of the mirror: tells the page to an outlet, for as long as the policy and the visitor agree. */

import { Class, classOf, Direction, Flag, open, ProtocolError, read, Type, write, type Ask, type Begin, type FromVisitor, type Page, type Propose, type RecorderState } from '../protocol';
import { maskPatterns, pageMode, policyHash, ProtectedFields, shownAddress } from '../rules';
import { Control } from './control';
import { Epoch } from './epoch';
import { guardOf, type Guard } from './guard';
import { labelOf } from './labels';
import { Marks } from './marks';
import type { RecorderOptions } from './options';
import { BUSY_BYTES, FLOODED_BYTES, Outlet } from './outlet';
import { destinationOf, Proposals } from './proposals';
import { Signals } from './signals';
import { Sprites } from './sprites';
import { Troubles } from './troubles';

const POLL_MS = 250;
const DIGEST_MS = 5_000;
const ACTIONS = { [Type.scrollTo]: 'scroll', [Type.click]: 'click', [Type.fill]: 'fill', [Type.select]: 'select' } as const;

export class Recorder {
  state: RecorderState = 'viewing';
  private readonly window: Window;
  private readonly options: RecorderOptions;
  private readonly outlet: Outlet;
  private readonly marks: Marks;
  private readonly protection = new ProtectedFields();
  private readonly sprites: Sprites;
  private readonly signals: Signals;
  private readonly troubles: Troubles;
  private readonly control: Control;
  private readonly proposals: Proposals;
  private readonly guard: Guard;
  private readonly timers: number[] = [];
  private epoch: Epoch | null = null;
  private policyHash = '';
  private address = '';
  private title = '';
  private flooded = false;
  private allowed = 0;

  /** Throws PolicyError when this browser cannot read one of the policy's selectors. */
  constructor(window: Window, options: RecorderOptions) {
    this.window = window;
    this.options = options;
    this.guard = guardOf(options.failed);
    const failed = this.guard((error: unknown) => { throw error; });
    this.outlet = new Outlet(options.epoch, (frame) => options.send(frame), () => window.performance.now(), failed);
    this.marks = new Marks(options.policy, window.document);
    this.sprites = new Sprites(window, {
      came: (use) => this.epoch?.spriteCame(use),
      grew: (holder, root) => this.epoch?.spritesGrew(holder, root),
      guard: this.guard,
    });
    this.signals = new Signals(window, {
      idOf: (node) => this.epoch?.tree.of(node)?.id,
      isQuiet: (node) => this.marks.isQuiet(node),
      isBusy: () => this.buffered > BUSY_BYTES,
      isReady: () => this.epoch?.snapshot === false,
      send: (message) => {
        if (this.epoch?.snapshot === false) this.say(message);
      },
      guard: this.guard,
    });
    this.troubles = new Troubles(window, {
      of: (node) => this.epoch?.tree.of(node),
      isOpen: (twin) => this.epoch!.fields.isOpen(twin),
      isProtected: (element) => this.protection.isProtected(element),
      state: () => (!this.epoch ? 'off' : this.epoch.snapshot ? 'picturing' : 'on'),
      send: (message) => this.say(message),
      own: options.own ?? [],
      marks: this.marks,
      guard: this.guard,
    });
    this.control = new Control(window, {
      twin: (id) => this.epoch?.tree.byId.get(id),
      of: (node) => this.epoch?.tree.of(node),
      fields: () => this.epoch!.fields,
      marks: this.marks,
      policy: options.policy,
      grants: options.grants ?? (() => ({ scroll: false, act: false })),
      flash: (element) => options.flash?.(element) ?? Promise.resolve(),
      touchedAt: () => this.signals.touchedAt,
      now: () => window.performance.now(),
    });
    this.proposals = new Proposals((url, watcher) => options.proposed?.(url, watcher) ?? Promise.resolve('declined'), () => window.performance.now());
  }

  start(): void {
    const every = (ms: number, work: () => void): void => void this.timers.push(this.window.setInterval(this.guard(work), ms));
    every(POLL_MS, () => this.poll());
    every(DIGEST_MS, () => this.epoch?.tellDigest());
    this.signals.start();
    this.troubles.start();
    const begin = this.guard((hash: string) => {
      this.policyHash = hash;
      if (this.state === 'viewing') this.enter();
    });
    void policyHash(this.options.policy).then(begin, this.guard((error: unknown) => { throw error; }));
  }

  /** A frame from the agent. Throws ProtocolError when it is none. */
  async receive(frame: Uint8Array): Promise<void> {
    const { envelope, watcher, payload } = open(frame);
    const message = read(payload);
    if (envelope.direction !== Direction.toVisitor || message.type < Type.pointAt) throw new ProtocolError('wrong_direction');
    switch (message.type) {
      case Type.ask: return this.answer(message, watcher, envelope.epoch === this.outlet.epoch);
      case Type.propose: return this.propose(message, watcher);
      case Type.pointAt: return this.options.guided?.(message, null);
      case Type.highlight: case Type.draw: {
        const node = this.epoch?.tree.byId.get(message.id)?.node;
        return this.options.guided?.(message, node?.nodeType === 1 ? (node as Element) : null);
      }
      case Type.scrollTo: case Type.click: case Type.fill: case Type.select: {
        this.epoch?.drain();
        const stale = envelope.epoch !== this.outlet.epoch;
        const granted = envelope.flags & (message.type === Type.scrollTo ? Flag.scroll | Flag.act : Flag.act);
        const twin = this.epoch?.tree.byId.get(message.id);
        const label = twin ? labelOf(twin, (node) => this.epoch?.tree.of(node)) : '';
        const outcome = !this.epoch ? 'not_viewing' : stale ? 'stale' : !granted ? 'no_grant' : await this.control.act(message);
        if (this.isOver) return;
        this.say({ type: Type.result, request: message.request, outcome });
        this.options.acted?.(ACTIONS[message.type], label, outcome);
      }
    }
  }

  /** The result leaves before the page does. */
  private async propose({ request, address }: Propose, watcher: number): Promise<void> {
    const found = destinationOf(address, this.window.location.href);
    const outcome = !this.epoch ? 'not_viewing' : found instanceof URL ? await this.proposals.put(found, watcher) : found;
    if (this.isOver) return;
    this.say({ type: Type.result, request, outcome });
    if (!(found instanceof URL)) return;
    await this.outlet.settled();
    this.options.visited?.(found, outcome);
  }

  pause(): void {
    if (this.state === 'viewing' || this.state === 'paused_by_page') this.become('paused');
  }

  resume(): void {
    if (this.state === 'paused') this.anew();
  }

  /**
   * Tells the whole page to one watcher who came late or lost the thread, within this epoch: the others notice nothing. `knows`: it has the style sheets' texts.
   * Without a number, everybody gets a fresh snapshot.
   */
  portray(watcher: number, knows = false): void {
    if (!this.epoch) {
      // A page that is about to begin is told to everybody.
      if (this.state !== 'viewing') this.say({ type: Type.state, state: this.state });
    } else if (watcher === 0) this.resync();
    else this.epoch.portray(watcher, knows, () => [write(this.begin()), write(this.page())]);
  }

  /** Tells the whole page again, in a new epoch. */
  resync(): void {
    if (this.state === 'viewing') this.anew();
  }

  /** Nothing of the page leaves after this. */
  stop(): void {
    if (this.isOver) return;
    this.become('ended');
    for (const timer of this.timers) this.window.clearInterval(timer);
    this.signals.stop();
    this.troubles.stop();
  }

  /** Resolves when everything that happened up to now has left. */
  async told(): Promise<void> {
    do {
      this.epoch?.drain();
      this.epoch?.poll();
      await new Promise((done) => this.window.setTimeout(done, 0));
      await this.outlet.settled();
    } while (this.state === 'viewing' && !this.epoch?.isTold);
    this.epoch?.tellDigest();
    await this.outlet.settled();
  }

  private get isOver(): boolean {
    return this.state === 'ended';
  }

  private get buffered(): number {
    return this.options.buffered?.() ?? 0;
  }

  private anew(): void {
    this.outlet.next();
    this.enter();
  }

  /** Begins a snapshot, unless this page is not to be seen. */
  private enter(): void {
    const { window, options } = this;
    this.leave();
    this.address = window.location.href;
    const mode = pageMode(options.policy, this.address);
    this.marks.mode = mode;
    if (mode === 'never') return this.become('never_here');
    if (mode === 'pause') return this.become('paused_by_page');
    this.state = 'viewing';
    options.state?.('viewing');
    this.outlet.post(Class.critical, write(this.begin()), Flag.snapshot);
    this.epoch = new Epoch(window, options, this.outlet, this.marks, this.signals, this.protection, this.sprites, this.troubles);
    this.tellPage();
    this.epoch.start();
  }

  private begin(): Begin {
    const { innerWidth: width, innerHeight: height, document } = this.window;
    return { type: Type.snapshotBegin, width, height, quirks: document.compatMode === 'BackCompat', policy: this.policyHash, address: shownAddress(this.address) };
  }

  private leave(): void {
    this.epoch?.stop();
    this.epoch = null;
  }

  private become(state: RecorderState): void {
    this.leave();
    this.state = state;
    this.say({ type: Type.state, state });
    this.options.state?.(state);
  }

  private say(message: FromVisitor): void {
    this.outlet.post(classOf(message.type), write(message), this.epoch?.snapshot ? Flag.snapshot : 0);
  }

  private poll(): void {
    if (this.state === 'paused') return;
    if (this.window.location.href !== this.address) this.moved();
    if (!this.epoch) return;
    // What waits of a picture has to go in any case; only what comes on top is too much.
    this.allowed = this.epoch.isPicturing ? this.buffered : Math.min(this.allowed, this.buffered);
    this.flooded ||= this.buffered - this.allowed > FLOODED_BYTES;
    if (this.flooded) {
      // What was not told meanwhile is told at once, by a fresh snapshot on a free line.
      if (this.buffered > BUSY_BYTES) return;
      this.flooded = false;
      return this.resync();
    }
    if (this.window.document.title !== this.title) this.tellPage();
    this.epoch.poll();
  }

  /** Another route of the same page. */
  private moved(): void {
    const mode = pageMode(this.options.policy, this.window.location.href);
    if (!this.epoch || mode !== this.marks.mode) {
      this.address = this.window.location.href;
      if (mode !== this.marks.mode) this.anew();
      return;
    }
    this.address = this.window.location.href;
    this.tellPage();
  }

  private tellPage(): void {
    this.title = this.window.document.title;
    this.say(this.page());
  }

  private page(): Page {
    const title = this.options.policy.title ? maskPatterns(this.title.slice(0, 200)) : '';
    return { type: Type.page, address: shownAddress(this.address), title };
  }

  /** `current`: who asks has seen something of this epoch. */
  private answer(ask: Ask, watcher: number, current: boolean): void {
    if (this.epoch && ask.what === 'sheet') this.epoch.tellSheet(ask.hash);
    else if (!this.epoch || ask.what === 'snapshot' || !current || !this.outlet.replay(ask.seq, watcher)) this.portray(watcher, current);
  }
}
