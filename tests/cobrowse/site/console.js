/** The agent's side of the test: takes frames off the BroadcastChannel into the viewer. */
import { openViewer } from '/bundle/console.js';

const line = new BroadcastChannel('mirror');
const heard = [];
const waiting = [];
const frame = document.getElementById('viewer');
let viewer = null;
const begin = (assets, quirks) => new Promise((ready) => {
  viewer?.close();
  const fresh = frame.cloneNode();
  frame.replaceWith(fresh);
  viewer = openViewer(fresh, quirks ? '/viewer-quirks' : '/viewer', assets, (what) => {
    if (what.t === 'ready') return ready();
    if (what.t === 'frame') return line.postMessage({ toVisitor: what.frame, from: window.agent.number });
    heard.push(what);
    for (const it of waiting.splice(0)) it();
  });
});
/** As the relay: flag 32 says that four bytes name the only one who gets it. */
const isForUs = (frame) => (frame[3] & 32) === 0 || new DataView(frame.buffer, frame.byteOffset).getUint32(12) === window.agent.number;
line.onmessage = ({ data }) => { if (data instanceof Uint8Array && isForUs(data)) viewer?.take(data); };

window.agent = {
  /** What the relay calls this window. */
  number: 1,
  heard,
  begin,
  take: (text) => viewer.take(Uint8Array.from(atob(text), (it) => it.charCodeAt(0))),
  say: (message) => viewer.say(message),
  /** Resolves with the first thing heard from `from` on that fits every key of `wanted`. */
  async hears(wanted, from = 0) {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      for (const it of waiting.splice(0)) it();
    }, 60_000);
    for (let at = from; ; at++) {
      while (heard.length <= at && !isLate) await new Promise((done) => waiting.push(done));
      if (heard.length <= at) throw new Error(`not heard within a minute: ${JSON.stringify(wanted)}, but ${JSON.stringify(heard.slice(from)).slice(0, 2000)}`);
      const it = heard[at];
      const fits = (value, want) => Object.entries(want).every(([key, inner]) => (inner !== null && typeof inner === 'object' ? fits(value[key] ?? {}, inner) : value[key] === inner));
      if (!fits(it, wanted)) continue;
      clearTimeout(timer);
      return it;
    }
  },
};
