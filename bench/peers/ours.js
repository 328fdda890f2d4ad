/** Our recorder in the shape in which others are measured. */
import { Recorder, parsePolicy } from '/bundle/recorder.js';

const frames = [];
let recorder = null;

window.peer = {
  name: 'Balie',
  start(policy) {
    recorder = new Recorder(window, {
      policy: parsePolicy(policy),
      epoch: 1,
      // As the widget's own route has it: no query.
      assets: (address) => (address.startsWith(`${location.origin}/`) ? address.replace(/[?#].*$/s, '') : null),
      send: (frame) => { frames.push(frame); window.peer.emitted?.(frame); },
    });
    recorder.start();
  },
  stop: () => recorder?.stop(),
  /** For one watcher who comes late. */
  again: (watcher) => recorder.portray(watcher),
  hears: (frame) => recorder.receive(frame),
  digest() {
    recorder.epoch.digestStale = true;
    recorder.epoch.tellDigest();
  },
  async told() {
    while (!recorder.epoch?.isTold) await new Promise((done) => setTimeout(done, 20));
    await recorder.told();
  },
  frames: () => frames.length,
  bytes: (from = 0) => frames.slice(from).reduce((sum, it) => sum + it.length, 0),
  deflated: (from = 0) => window.peer.bytes(from),
  base64: () => frames.map((frame) => btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join(''))),
};
