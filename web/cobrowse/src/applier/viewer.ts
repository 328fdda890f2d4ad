/** The script inside the viewer's frame. Frames come in by a MessagePort and nothing else does; the origin is opaque. */

import type { FromAgent } from '../protocol';
import { Inlet } from './inlet';
import type { Place, ToHost, ToViewer } from './port';
import { placeOf, probe, step, wheel, type Found } from './targets';

const EVENTS = ['click', 'auxclick', 'dblclick', 'mousedown', 'keydown', 'submit', 'dragstart', 'contextmenu', 'cancel', 'beforeinput'];

function serve(port: MessagePort, assets: string): void {
  const tell = (what: ToHost, transfer: Transferable[] = []): void => port.postMessage(what, transfer);
  const inlet = new Inlet({
    document,
    resolve: (reference) => resolve(reference, assets),
    send: (frame) => tell({ t: 'frame', frame: frame.buffer }, [frame.buffer]),
    told: (message) => tell({ t: 'told', message }),
    noticed: (what, detail) => tell({ t: 'notice', what, detail, epoch: inlet.epoch, seq: inlet.seq }),
    scrolled: () => tellView(),
  });
  const numbers = {
    idOf: (node: Node | null) => inlet.mirror?.idOf(node) ?? 0,
    nodeOf: (id: number) => inlet.mirror?.nodeOf(id),
  };
  const answer = (n: number, found: Found | null): void => tell({ t: 'probed', n, target: found && { ...found, epoch: inlet.epoch, seen: inlet.seq } });
  const tracked = tracker((id) => placeOf(numbers.nodeOf(id)), (places) => tell({ t: 'places', places }));

  let view = '';
  function tellView(): void {
    const { x: visitorX, y: visitorY } = inlet.visitorAt;
    const { scrollX: x, scrollY: y } = window;
    const next = `${x} ${y} ${visitorX} ${visitorY}`;
    if (next === view) return;
    view = next;
    tell({ t: 'view', x, y, visitorX, visitorY });
  }

  port.onmessage = ({ data }: MessageEvent<ToViewer>) => {
    switch (data.t) {
      case 'frame': return void inlet.take(new Uint8Array(data.frame));
      case 'say': return inlet.say(data.message satisfies FromAgent);
      case 'probe': return answer(data.n, probe(document, numbers, data.x, data.y, data.act));
      case 'step': return answer(data.n, step(document, numbers, data.from, data.by, data.act));
      case 'settle': return void inlet.settled().then(() => tell({ t: 'settled', n: data.n }));
      case 'track': return tracked(data.ids);
      case 'wheel': return wheel(document, data.x, data.y, data.dx, data.dy);
      case 'mend': return inlet.mend(data.what);
      case 'follow': return inlet.follow(data.on);
    }
  };
  document.addEventListener('scroll', tellView, { passive: true });
  // What the agent does here is a wish to the console, never an act on this copy.
  for (const name of EVENTS) {
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

/** Looks once a painted frame, and only while there is something to look at. */
function tracker(where: (id: number) => Place | null, told: (places: [number, Place | null][]) => void): (ids: readonly number[]) => void {
  let ids: readonly number[] = [];
  let last = '';
  let running = false;
  const look = (): void => {
    running = ids.length > 0;
    if (!running) return;
    const places = ids.map((id): [number, Place | null] => [id, where(id)]);
    const now = JSON.stringify(places);
    if (now !== last) told(places);
    last = now;
    requestAnimationFrame(look);
  };
  return (next) => {
    ids = next.slice(0, 64);
    last = '';
    if (!running) look();
  };
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
