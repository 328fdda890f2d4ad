/** One look on screen: its line to the desk, the copy of the page, and what is told of the page around it. */
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Look, MirrorFrame } from '@balie/protocol';
import { type FromAgent, type FromVisitor, Type } from '@balie/cobrowse';
import { openViewer, type Place, type ToHost, type Viewer } from '@balie/cobrowse/applier';
import { looks as api } from '../api/looks';
import { statusOf } from '../api/http';
import { now } from '../model/now';
import { MirrorLine, type LineState, type MirrorSocket } from './line';
import { putLook, wantLook } from './looks';
import type { View } from './geometry';
import { NO_PAGE, type PageShown, pageAfter, type Pointer } from './page';
import { type Stage, stageOf } from './stage';
import { GONE_AFTER_MS } from './times';
import { NO_TROUBLES, type Troubles, troublesAfter } from './troubles';

/** Frames that come before the copy's window stands. */
const EARLY = 400;

export class LookSession {
  readonly id: string;
  readonly look: ReadonlySignal<Look>;
  readonly line = signal<LineState>('connecting');
  readonly picture = signal<'none' | 'changing' | 'shown'>('none');
  readonly page = signal<PageShown>(NO_PAGE);
  readonly view = signal<View>({ x: 0, y: 0, visitorX: 0, visitorY: 0 });
  readonly pointer = signal<Pointer | null>(null);
  readonly focused = signal(0);
  readonly troubles = signal<Troubles>(NO_TROUBLES);
  /** A field that the agent wants to find, because it is not right. */
  readonly faulty = signal(0);
  readonly places = signal<ReadonlyMap<number, Place>>(new Map());
  readonly following = signal(true);
  /** Where the copy loads pictures from; null until the desk said it. */
  readonly assets = signal<string | null>(null);
  /** Grows with each fresh copy: what was chosen in the one before is gone. */
  readonly copies = signal(0);
  /** Answers to control actions. */
  onResult: (request: number, outcome: string) => void = () => undefined;
  onRefused: (why: string) => void = () => undefined;
  private readonly wasLive = signal(false);
  private readonly goneSince = signal<number | null>(null);
  private readonly never = signal(false);
  private readonly mirrorLine: MirrorLine;
  private viewer: Viewer | null = null;
  private early: Uint8Array[] = [];
  private lost = false;
  private attached = false;
  private points = 0;

  constructor(look: ReadonlySignal<Look>) {
    this.look = look;
    this.id = look.peek().id;
    this.mirrorLine = new MirrorLine({
      ticket: () => this.ticket(),
      isFinal: (error) => [403, 404, 409, 410].includes(statusOf(error)),
      open: (ticket) => openSocket(ticket),
      state: (state) => this.become(state),
      frame: (frame) => this.take(frame),
      said: (what) => this.hear(what),
      after: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      random: () => Math.random(),
    });
  }

  readonly stage = computed<Stage>(() =>
    stageOf(
      { look: this.look.value, line: this.line.value, wasLive: this.wasLive.value, goneSince: this.goneSince.value, picture: this.picture.value, never: this.never.value },
      Math.max(now.value, this.tick.value),
    ),
  );
  private readonly tick = signal(0);

  start(): void {
    this.mirrorLine.start();
  }

  stop(): void {
    this.mirrorLine.stop();
    this.detach();
  }

  /** A fresh window for the copy stands. */
  attach(frame: HTMLIFrameElement, address: string): void {
    // Another one stood before: this one has seen nothing yet.
    if (this.attached) this.lost = true;
    this.attached = true;
    this.detach();
    this.viewer = openViewer(frame, address, this.assets.peek() ?? '', (what) => this.told(what));
    for (const one of this.early.splice(0)) this.viewer.take(one);
    if (this.lost) this.viewer.mend('snapshot');
    this.lost = false;
    this.viewer.follow(this.following.peek());
  }

  detach(): void {
    this.viewer?.close();
    this.viewer = null;
    this.picture.value = 'none';
  }

  say(message: FromAgent): void {
    this.viewer?.say(message);
  }

  get copy(): Viewer | null {
    return this.viewer;
  }

  follow(on: boolean): void {
    this.following.value = on;
    this.viewer?.follow(on);
  }

  private async ticket(): Promise<string> {
    const { ticket, assets = '' } = await api.ticket(this.id);
    this.assets.value ??= assets === '' ? '' : new URL(assets, location.origin).href;
    return ticket;
  }

  private become(state: LineState): void {
    batch(() => {
      this.line.value = state;
      if (state !== 'live') return;
      this.wasLive.value = true;
      this.goneSince.value = null;
    });
    const { conversation } = this.look.peek();
    if (state === 'refused' && conversation) void wantLook(conversation);
  }

  private take(frame: Uint8Array): void {
    if (this.viewer) this.viewer.take(frame);
    else if (this.early.length < EARLY) this.early.push(frame.slice());
    else this.lost = true;
  }

  private hear(what: MirrorFrame): void {
    switch (what.t) {
      case 'state':
        putLook(what.look);
        // What stood there before a pause is not shown again when it ends.
        if (what.look.state === 'paused') this.picture.value = 'none';
        break;
      case 'gone':
        this.goneSince.value = Date.now();
        this.pointer.value = null;
        setTimeout(() => (this.tick.value = Date.now()), GONE_AFTER_MS + 100);
        break;
      case 'back':
        this.goneSince.value = null;
        this.viewer?.mend('replay');
        break;
      case 'lost':
        this.viewer?.mend('snapshot');
        break;
      case 'refused':
        this.onRefused(what.why);
        break;
    }
  }

  private told(what: ToHost): void {
    switch (what.t) {
      case 'frame':
        this.mirrorLine.send(new Uint8Array(what.frame));
        break;
      case 'told':
        this.toldOfPage(what.message);
        break;
      case 'notice':
        if (what.what === 'changing' && this.picture.peek() === 'shown') this.picture.value = 'changing';
        if (what.what === 'shown') this.shown();
        break;
      case 'places':
        this.places.value = new Map(what.places.flatMap(([id, place]) => (place ? [[id, place] as const] : [])));
        break;
      case 'view':
        this.view.value = { x: what.x, y: what.y, visitorX: what.visitorX, visitorY: what.visitorY };
        break;
      default:
    }
  }

  private shown(): void {
    batch(() => {
      this.picture.value = 'shown';
      this.never.value = false;
      this.places.value = new Map();
      this.copies.value += 1;
    });
  }

  private toldOfPage(message: FromVisitor): void {
    this.troubles.value = troublesAfter(this.troubles.peek(), message, this.page.peek().address);
    this.page.value = pageAfter(this.page.peek(), message);
    switch (message.type) {
      case Type.snapshotBegin:
        this.never.value = false;
        break;
      case Type.pointer:
        this.pointer.value = { x: message.x, y: message.y, touch: message.touch, n: ++this.points };
        break;
      case Type.focus:
        this.focused.value = message.id;
        break;
      case Type.state:
        this.never.value = message.state === 'never_here';
        if (message.state !== 'viewing') this.picture.value = 'none';
        break;
      case Type.result:
        this.onResult(message.request, message.outcome);
        break;
      default:
    }
  }
}

function openSocket(ticket: string): MirrorSocket {
  const at = new URL(`/v1/socket/mirror?ticket=${encodeURIComponent(ticket)}`, location.href);
  at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(at) as unknown as MirrorSocket;
}
