/** The console begins here. */
import { render } from 'preact';
import { keepVisits } from './contact/visit';
import { listenForKeys } from './keys/listen';
import { keepLooks } from './look/looks';
import { keepDeskTime } from './model/deskTime';
import { keepDrafts } from './model/drafts';
import { keepLogs } from './model/logs';
import { keepNotices } from './model/notices';
import { startClock } from './model/now';
import { keepMarks, watchFocus } from './model/reading';
import { followHistory } from './model/route';
import { resume, watchSession } from './model/session';
import { readySound } from './model/sound';
import { keepTyping } from './model/typing';
import { App } from './shell/App';
import { keepWebhookNotices } from './settings/webhooks/notices';
import './styles/index.css';

const root = document.getElementById('app');
if (root) {
  followHistory();
  startClock();
  watchFocus();
  readySound();
  listenForKeys();
  keepLogs();
  keepMarks();
  keepDrafts();
  keepTyping();
  keepVisits();
  keepNotices();
  keepDeskTime();
  keepLooks();
  keepWebhookNotices();
  watchSession();
  render(<App />, root);
  void resume();
}
