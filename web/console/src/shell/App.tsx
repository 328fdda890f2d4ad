/** Which screen: starting, log-in, or the desk with what may lie over it. */
import { CodeDialog } from '../look/CodeDialog';
import { codeOpen } from '../look/current';
import { playing } from '../play/open';
import { PlayDialog } from '../play/PlayDialog';
import { phase, resume } from '../model/session';
import { state } from '../model/desk';
import { commandsOpen, helpOpen, settingsOpen } from '../model/ui';
import { Button } from '../parts/Button';
import { useLate } from '../parts/late';
import { Announcer, Toast } from '../parts/Live';
import { Mark } from '../parts/Mark';
import { Tooltips } from '../parts/Tooltips';
import { Settings } from '../settings/Settings';
import { t } from '../text/index';
import { CommandBar } from './CommandBar';
import { Desk } from './Desk';
import { Help } from './Help';
import { LogInAgain, LogInPage } from './LogIn';

export function App() {
  return (
    <>
      <Screen />
      <Toast />
      <Announcer />
      <Tooltips />
    </>
  );
}

function Screen() {
  switch (phase.value) {
    case 'out':
      return <LogInPage />;
    case 'starting':
      return <Starting />;
    case 'unreachable':
      return <Unreachable />;
    default:
      if (!state.value) return phase.value === 'expired' ? <LogInPage /> : <Starting />;
      return (
        <>
          <Desk />
          {settingsOpen.value && <Settings />}
          {helpOpen.value && <Help />}
          {codeOpen.value && <CodeDialog />}
          {playing.value && <PlayDialog key={playing.value.look} look={playing.value.look} of={playing.value.conversation} />}
          {commandsOpen.value && <CommandBar />}
          {phase.value === 'expired' && <LogInAgain />}
        </>
      );
  }
}

/** Nothing for the first blink; then the outline of what comes. */
function Starting() {
  const late = useLate();
  return (
    <main class="starting" aria-busy="true" aria-label={t().common.loading}>
      {late && (
        <>
          <div class="starting-rail" />
          <div class="starting-list">
            {Array.from({ length: 9 }, (_, index) => (
              <div key={index} class="skeleton-row">
                <span class="skeleton skeleton-avatar" />
                <span class="skeleton-lines">
                  <span class="skeleton" />
                  <span class="skeleton" />
                </span>
              </div>
            ))}
          </div>
        </>
      )}
    </main>
  );
}

function Unreachable() {
  return (
    <main class="login">
      <div class="login-card">
        <Mark size={40} />
        <p class="login-lead">{t().login.unreachable}</p>
        <Button kind="primary" onClick={() => void resume()}>
          {t().common.retry}
        </Button>
      </div>
    </main>
  );
}
