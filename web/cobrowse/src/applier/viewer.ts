/** The script inside the viewer's frame. Frames come in by a MessagePort and nothing else does; the origin is opaque. */

import type { FromAgent } from '../protocol';
import { Inlet } from './inlet';
import type { ToHost, ToViewer } from './port';

function serve(port: MessagePort, assets: string): void {
  const tell = (what: ToHost, transfer: Transferable[] = []): void => port.postMessage(what, transfer);
  const inlet = new Inlet({
    document,
    resolve: (reference) => resolve(reference, assets),
    send: (frame) => tell({ t: 'frame', frame: frame.buffer }, [frame.buffer]),
    told: (message) => tell({ t: 'told', message }),
    noticed: (what, detail) => tell({ t: 'notice', what, detail, epoch: inlet.epoch, seq: inlet.seq }),
  });
  port.onmessage = ({ data }: MessageEvent<ToViewer>) => {
    if (data.t === 'frame') void inlet.take(new Uint8Array(data.frame));
    else inlet.say(data.message satisfies FromAgent);
  };
  // What the agent does here is a wish to the console, never an act on this copy.
  for (const name of ['click', 'auxclick', 'dblclick', 'mousedown', 'keydown', 'submit', 'dragstart', 'contextmenu', 'cancel', 'beforeinput']) {
    window.addEventListener(name, (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (name !== 'click') return;
      const { clientX, clientY } = event as MouseEvent;
      const target = (event.composedPath()[0] ?? null) as Node | null;
      tell({ t: 'picked', id: inlet.mirror?.idOf(target) ?? 0, x: clientX, y: clientY });
    }, { capture: true });
  }
  tell({ t: 'ready' });
}

/** Only what lies below the asset route, whatever the reference says. */
function resolve(reference: string, assets: string): string | null {
  try {
    const url = new URL(reference, assets);
    return assets !== '' && url.href.startsWith(assets) ? url.href : null;
  } catch {
    return null;
  }
}

function awaitPort(event: MessageEvent<unknown>): void {
  const [port] = event.ports;
  const hello = event.data as { balie?: unknown; assets?: unknown } | null;
  if (event.source !== window.parent || !port || hello?.balie !== 'mirror' || typeof hello.assets !== 'string') return;
  window.removeEventListener('message', awaitPort);
  serve(port, hello.assets);
}
window.addEventListener('message', awaitPort);
