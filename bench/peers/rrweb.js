/** rrweb at the visitor's side, in the shape in which ours is measured: start, told, the bytes that left. */
import { record } from '@rrweb/record';

const events = [];
let stop = null;

window.peer = {
  name: 'rrweb',
  start(options) {
    stop = record({ emit: (event) => { events.push(JSON.stringify(event)); window.peer.emitted?.(events.at(-1)); }, ...options });
  },
  stop: () => stop?.(),
  again: () => record.takeFullSnapshot(true),
  told: () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))),
  frames: () => events.length,
  bytes: (from = 0) => events.slice(from).reduce((sum, it) => sum + new TextEncoder().encode(it).length, 0),
  /** As much as one deflate over all of them would take. */
  async deflated(from = 0) {
    const squeezed = new Blob(events.slice(from)).stream().pipeThrough(new CompressionStream('deflate-raw'));
    return (await new Response(squeezed).arrayBuffer()).byteLength;
  },
  wire: () => events.join('\n'),
};
