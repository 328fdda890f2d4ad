/** The console's side of the viewer: a frame of an opaque origin, and a port into it. */

import type { FromAgent } from '../protocol';
import type { Target, ToHost, ToViewer } from './port';

export interface Viewer {
  /** A frame from the relay, as it came. */
  take(frame: Uint8Array): void;
  /** Every frame taken so far has been played; at once when the viewer is closed. */
  settled(): Promise<void>;
  /** Point, highlight, click … */
  say(message: FromAgent): void;
  /** What stands at this point of the copy. `act`: the button around a word, rather than the word. */
  probe(x: number, y: number, act: boolean): Promise<Target | null>;
  /** The next or previous thing after the node `from`, for who has no mouse. */
  step(from: number, by: 1 | -1, act: boolean): Promise<Target | null>;
  /** Hear by `places` where these nodes stand. */
  track(ids: readonly number[]): void;
  wheel(x: number, y: number, dx: number, dy: number): void;
  follow(on: boolean): void;
  /** Frames may have been lost: ask for those, or for all of it. */
  mend(what: 'replay' | 'snapshot'): void;
  close(): void;
}

/** Loads the viewer's page (`address`, served with `viewerHeaders`) into `frame`; `assets` is the address of the asset route, with a slash at the end. */
export function openViewer(frame: HTMLIFrameElement, address: string, assets: string, heard: (what: ToHost) => void): Viewer {
  const { port1, port2 } = new MessageChannel();
  const asked = new Map<number, (target: Target | null) => void>();
  const settling = new Map<number, () => void>();
  let last = 0;
  let closed = false;
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.addEventListener('load', () => frame.contentWindow?.postMessage({ balie: 'mirror', assets }, '*', [port2]), { once: true });
  frame.src = address;
  port1.onmessage = ({ data }: MessageEvent<ToHost>) => {
    if (data.t === 'settled') {
      settling.get(data.n)?.();
      settling.delete(data.n);
      return;
    }
    if (data.t !== 'probed') return heard(data);
    asked.get(data.n)?.(data.target);
    asked.delete(data.n);
  };
  const tell = (what: ToViewer, transfer: Transferable[] = []): void => port1.postMessage(what, transfer);
  const ask = (what: (n: number) => ToViewer): Promise<Target | null> =>
    new Promise((done) => {
      last += 1;
      asked.set(last, done);
      tell(what(last));
    });
  return {
    take(bytes) {
      const frame = bytes.slice().buffer;
      tell({ t: 'frame', frame }, [frame]);
    },
    settled: () =>
      new Promise((done) => {
        if (closed) return done();
        last += 1;
        settling.set(last, done);
        tell({ t: 'settle', n: last });
      }),
    say: (message) => tell({ t: 'say', message }),
    probe: (x, y, act) => ask((n) => ({ t: 'probe', n, x, y, act })),
    step: (from, by, act) => ask((n) => ({ t: 'step', n, from, by, act })),
    track: (ids) => tell({ t: 'track', ids }),
    wheel: (x, y, dx, dy) => tell({ t: 'wheel', x, y, dx, dy }),
    mend: (what) => tell({ t: 'mend', what }),
    follow: (on) => tell({ t: 'follow', on }),
    close() {
      closed = true;
      port1.close();
      for (const done of asked.values()) done(null);
      asked.clear();
      for (const done of settling.values()) done();
      settling.clear();
    },
  };
}
