/** Tells this page to the console of the test over a BroadcastChannel, as the relay will over a socket. */
const { Recorder, parsePolicy } = await import('/bundle/recorder.js');

const line = new BroadcastChannel('mirror');
const frames = [];
let recorder = null;
let flashed = [];
const violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));

/** As the relay does it with every frame of an agent's. */
function stamped(frame, from) {
  const whole = Uint8Array.of(...frame.subarray(0, 12), 0, 0, 0, 0, ...frame.subarray(12));
  whole[3] |= 32;
  new DataView(whole.buffer).setUint32(12, from);
  return whole;
}

const base64 = (frame) => btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join(''));

window.mirror = {
  frames,
  violations,
  lose: 0,
  grants: { scroll: false, act: false },
  buffered: 0,
  get recorder() { return recorder; },
  flashed,
  start(policy, epoch, assets) {
    recorder = new Recorder(window, {
      policy: parsePolicy(policy),
      epoch,
      assets: assets ? (address) => (address.startsWith(location.origin) ? address : null) : undefined,
      grants: () => window.mirror.grants,
      own: [`${location.origin}/bundle/`, `${location.origin}/site/`],
      buffered: () => window.mirror.buffered,
      flash: async (element) => { flashed.push(element.id || element.localName); },
      send(frame) {
        frames.push(frame);
        if (window.mirror.lose > 0) { window.mirror.lose -= 1; return; }
        line.postMessage(frame);
      },
    });
    line.onmessage = ({ data }) => { if (data instanceof Uint8Array === false && data.toVisitor) void recorder.receive(stamped(new Uint8Array(data.toVisitor), data.from)); };
    recorder.start();
    return window.mirror.told();
  },
  /** Everything that happened has left; says what keeps it when that takes a minute. */
  told() {
    let timer;
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => {
        const { working, snapshot, waiting, sheets, walk } = recorder.epoch ?? {};
        const held = { state: recorder.state, working, snapshot, waiting: !!waiting, pending: sheets?.pending, idle: walk?.idle, hidden: document.hidden };
        fail(new Error(`not told within a minute: ${JSON.stringify(held)}`));
      }, 60_000);
    });
    return Promise.race([recorder.told(), late]).finally(() => clearTimeout(timer));
  },
  /** A digest now, also when nothing changed since the last one. */
  async digest() {
    await window.mirror.told();
    recorder.epoch.digestStale = true;
    recorder.epoch.tellDigest();
  },
  base64() {
    return frames.map(base64);
  },
};

/** Several recorders side by side on this page, each of a bundle of its own; nobody listens. */
window.mirrors = {
  all: {},
  async start(names, policy) {
    const begin = async (name) => {
      const bundle = await import(`/bundle/${name}.js`);
      const told = [];
      const it = new bundle.Recorder(window, { policy: bundle.parsePolicy(policy), epoch: 1, send: (frame) => told.push(frame) });
      window.mirrors.all[name] = { it, told };
      it.start();
      await it.told();
    };
    await Promise.all(names.map(begin));
  },
  told: () => Promise.all(Object.values(window.mirrors.all).map(({ it }) => it.told())),
  base64: () => Object.fromEntries(Object.entries(window.mirrors.all).map(([name, { told }]) => [name, told.map(base64)])),
};
document.documentElement.dispatchEvent(new Event('mirror-ready'));
