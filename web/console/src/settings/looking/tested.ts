/** A page of one's own under test: the recorder runs on its window, the copy gets its frames, and both stay in this browser. */
import { parsePolicy, PolicyError, type Policy, Type } from '@balie/cobrowse';
import { openViewer, type ToHost, type Viewer } from '@balie/cobrowse/applier';
import type { Recorder } from '@balie/cobrowse/recorder';

export interface TestState {
  state: 'loading' | 'shown' | 'paused_by_page' | 'never_here' | 'elsewhere' | 'closed' | 'bad_policy';
  width: number;
  height: number;
  address: string;
}

const LOOK_MS = 300;
/** Room for the fresh snapshots of one page. */
const EPOCHS = 65_536;
let count = 0;

/** Why a page cannot be tested here: the browser lets a window of another site be opened, but not be looked into. */
export function testable(address: string, origins: readonly string[], own: string): 'address' | 'site' | 'foreign' | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'address';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'address';
  if (url.origin === own) return null;
  return origins.includes(url.origin) ? 'foreign' : 'site';
}

export class TestedPage {
  readonly n = ++count;
  private readonly window: Window;
  private readonly policy: Policy;
  private viewer: Viewer | null = null;
  private recorder: Recorder | null = null;
  private page: Document | null = null;
  private epoch = 1;
  private timer = 0;
  private told: (state: TestState) => void = () => undefined;
  private state: TestState = { state: 'loading', width: 1100, height: 800, address: '' };

  constructor(window: Window, policy: Policy) {
    this.window = window;
    this.policy = parsePolicy(policy);
  }

  async show(frame: HTMLIFrameElement, told: (state: TestState) => void): Promise<void> {
    this.told = told;
    this.viewer = openViewer(frame, '/mirror/viewer.html', '', (what) => this.hear(what));
    const { Recorder } = await import('@balie/cobrowse/recorder');
    this.timer = window.setInterval(() => this.look(Recorder), LOOK_MS);
    this.look(Recorder);
  }

  close(): void {
    clearInterval(this.timer);
    this.viewer?.close();
    try {
      this.recorder?.stop();
    } catch {
      // The window went elsewhere: there is nothing left to stop.
    }
    if (!this.window.closed) this.window.close();
  }

  /** Each page that the window goes to is recorded anew. */
  private look(Make: typeof Recorder): void {
    if (this.window.closed) return this.become('closed');
    let page: Document;
    try {
      page = this.window.document;
    } catch {
      return this.become('elsewhere');
    }
    if (page === this.page || page.readyState === 'loading' || page.location.href === 'about:blank') return;
    this.page = page;
    this.epoch += EPOCHS;
    try {
      this.recorder = new Make(this.window, {
        policy: this.policy,
        epoch: this.epoch,
        send: (one) => this.viewer?.take(one),
        state: (state) => {
          if (state === 'never_here' || state === 'paused_by_page') this.become(state);
        },
      });
      this.recorder.start();
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.become('bad_policy');
    }
  }

  private hear(what: ToHost): void {
    if (what.t === 'frame') void this.recorder?.receive(new Uint8Array(what.frame));
    else if (what.t === 'notice' && what.what === 'shown') this.become('shown');
    else if (what.t === 'told') {
      const { message } = what;
      if (message.type === Type.snapshotBegin) this.change({ width: message.width, height: message.height, address: message.address });
      else if (message.type === Type.viewport) this.change({ width: message.width, height: message.height });
      else if (message.type === Type.page) this.change({ address: message.address });
    }
  }

  private become(state: TestState['state']): void {
    if (state !== this.state.state) this.change({ state });
  }

  private change(change: Partial<TestState>): void {
    this.state = { ...this.state, ...change };
    this.told(this.state);
  }
}
