/** The console's side of the viewer: a frame of an opaque origin, and a port into it. */

import type { FromAgent } from '../protocol';
import type { ToHost, ToViewer } from './port';

export interface Viewer {
  /** A frame from the relay, as it came. */
  take(frame: Uint8Array): void;
  /** Point, highlight, click … */
  say(message: FromAgent): void;
  close(): void;
}

/** Loads the viewer's page (`address`, served with `viewerHeaders`) into `frame`; `assets` is the address of the asset route, with a slash at the end. */
export function openViewer(frame: HTMLIFrameElement, address: string, assets: string, heard: (what: ToHost) => void): Viewer {
  const { port1, port2 } = new MessageChannel();
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.addEventListener('load', () => frame.contentWindow?.postMessage({ balie: 'mirror', assets }, '*', [port2]), { once: true });
  frame.src = address;
  port1.onmessage = ({ data }: MessageEvent<ToHost>) => heard(data);
  const tell = (what: ToViewer, transfer: Transferable[]): void => port1.postMessage(what, transfer);
  return {
    take(bytes) {
      const frame = bytes.slice().buffer;
      tell({ t: 'frame', frame }, [frame]);
    },
    say: (message) => tell({ t: 'say', message }, []),
    close: () => port1.close(),
  };
}
