/** The copy of the page that a recording is played on, and what is told of the page around it. Asks nobody: what is missing is missing. */
import { signal } from '@preact/signals';
import { openViewer, type ToHost, type Viewer } from '@balie/cobrowse/applier';
import { Type } from '@balie/cobrowse';
import { NO_PAGE, type PageShown, pageAfter, type Pointer } from '../look/page';
import type { View } from '../look/geometry';
import type { Screen } from './player';

export interface Copy {
  n: number;
  quirks: boolean;
}

export class PlayScreen implements Screen {
  /** The one in sight, and the one that takes its place as soon as it shows something. */
  readonly copies = signal<readonly Copy[]>([]);
  readonly inSight = signal(0);
  readonly page = signal<PageShown>(NO_PAGE);
  readonly view = signal<View>({ x: 0, y: 0, visitorX: 0, visitorY: 0 });
  readonly pointer = signal<Pointer | null>(null);
  readonly following = signal(true);
  private readonly broke: () => void;
  /** The address below which pictures lie; '' when there are none. */
  private readonly assets: string;
  private n = 0;
  private points = 0;
  private viewer: Viewer | null = null;
  private early: Uint8Array[] = [];
  private stands: { promise: Promise<void>; done: () => void } = waiting();

  constructor(assets: string, broke: () => void) {
    this.assets = assets;
    this.broke = broke;
  }

  fresh(quirks: boolean): void {
    this.viewer?.close();
    this.viewer = null;
    this.early = [];
    this.stands.done();
    this.stands = waiting();
    this.pointer.value = null;
    this.n += 1;
    this.copies.value = [...this.copies.peek().filter(({ n }) => n === this.inSight.peek()), { n: this.n, quirks }];
  }

  /** The window of a copy stands. */
  attach(copy: Copy, frame: HTMLIFrameElement): void {
    if (copy.n !== this.n || this.viewer) return;
    this.viewer = openViewer(frame, copy.quirks ? '/mirror/viewer-quirks.html' : '/mirror/viewer.html', this.assets, (what) => this.told(copy.n, what));
    for (const one of this.early.splice(0)) this.viewer.take(one);
    this.stands.done();
  }

  take(frame: Uint8Array): void {
    if (this.viewer) this.viewer.take(frame);
    else this.early.push(frame);
  }

  async settled(): Promise<void> {
    if (this.n === 0) return;
    await this.stands.promise;
    await this.viewer?.settled();
  }

  close(): void {
    this.viewer?.close();
    this.viewer = null;
    this.stands.done();
  }

  private told(n: number, what: ToHost): void {
    if (n !== this.n) return;
    if (what.t === 'view') this.view.value = { x: what.x, y: what.y, visitorX: what.visitorX, visitorY: what.visitorY };
    else if (what.t === 'notice' && what.what === 'shown') this.shown(n);
    else if (what.t === 'notice' && (what.what === 'refused' || what.what === 'diverged')) this.broke();
    else if (what.t === 'told') {
      const { message } = what;
      this.page.value = pageAfter(this.page.peek(), message);
      if (message.type === Type.pointer) this.pointer.value = { x: message.x, y: message.y, touch: message.touch, n: ++this.points };
    }
  }

  private shown(n: number): void {
    this.inSight.value = n;
    if (this.copies.peek().length > 1) this.copies.value = this.copies.peek().filter((one) => one.n === n);
  }
}

function waiting(): { promise: Promise<void>; done: () => void } {
  let done = (): void => undefined;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return { promise, done };
}
