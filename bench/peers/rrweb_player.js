/** rrweb at the agent's side: live, and with a pointer of its own. */
import { Replayer } from '@rrweb/replay';

let player = null;
let first = [];

window.player = {
  /** `delay_ms`: how long events wait, rrweb's live buffer. */
  take(text) {
    const event = JSON.parse(text);
    if (player) return player.addEvent(event);
    first.push(event);
    if (first.length < 2) return;
    player = new Replayer(first, { root: document.getElementById('viewer'), liveMode: true, mouseTail: false });
    player.startLive(first[0].timestamp);
  },
  document: () => player?.iframe.contentDocument,
};
