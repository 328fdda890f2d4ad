/**
 * OpenReplay's tracker in the shape in which ours is measured: start, told, the bytes of its commits, which are what its assist plug-in sends to an agent. Nothing goes
 * out: its server's answer is given here, and the worker that packs for that server is left out.
 */
import OpenReplay from '@openreplay/tracker/class';

const batches = [];
let tracker = null;

const answer = {
  token: 'none', userUUID: 'none', sessionID: '1', projectID: '1', delay: 0, startTimestamp: Date.now(), assistOnly: true, beaconSizeLimit: 1e6, compressionThreshold: 1e9,
  userBrowser: '', userCity: '', userCountry: '', userDevice: '', userOS: '', userState: '', canvasEnabled: false, features: {}, tags: [],
};

window.peer = {
  name: 'OpenReplay',
  async start(options) {
    const { fetch } = window;
    window.fetch = (input, init) => (String(input).includes('openreplay.invalid') ? Promise.resolve(new Response(JSON.stringify(answer))) : fetch(input, init));
    window.Worker = class {
      postMessage() {}
      terminate() {}
    };
    tracker = new OpenReplay({ projectKey: 'bench', ingestPoint: 'https://openreplay.invalid', __DISABLE_SECURE_MODE: true, ...options });
    tracker.use((app) => app?.attachCommitCallback((messages) => { if (messages.length > 2) batches.push(JSON.stringify(messages)); }));
    const started = await tracker.start({ assistOnly: true });
    if (!started.success) throw new Error(started.reason);
  },
  stop: () => tracker?.stop(),
  told: () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))),
  frames: () => batches.length,
  bytes: (from = 0) => batches.slice(from).reduce((sum, it) => sum + new TextEncoder().encode(it).length, 0),
  async deflated(from = 0) {
    const squeezed = new Blob(batches.slice(from)).stream().pipeThrough(new CompressionStream('deflate-raw'));
    return (await new Response(squeezed).arrayBuffer()).byteLength;
  },
  wire: () => batches.join('\n'),
};
