/** Tells this page to the console of the test over a BroadcastChannel, as the relay will over a socket. */
const params = new URL(import.meta.url).searchParams;
const { Recorder, parsePolicy } = await import(`/bundle/${params.get('recorder') ?? 'recorder'}.js`);

const line = new BroadcastChannel('mirror');
const frames = [];
let recorder = null;
let flashed = [];
const violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));

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
      buffered: () => window.mirror.buffered,
      flash: async (element) => { flashed.push(element.id || element.localName); },
      send(frame) {
        frames.push(frame);
        if (window.mirror.lose > 0) { window.mirror.lose -= 1; return; }
        line.postMessage(frame);
      },
    });
    line.onmessage = ({ data }) => { if (data instanceof Uint8Array === false && data.toVisitor) void recorder.receive(new Uint8Array(data.toVisitor)); };
    recorder.start();
    return recorder.told();
  },
  base64() {
    return frames.map((frame) => { let text = ''; for (const byte of frame) text += String.fromCharCode(byte); return btoa(text); });
  },
};
document.documentElement.dispatchEvent(new Event('mirror-ready'));
