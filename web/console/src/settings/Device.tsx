/** What holds for this device: language, theme, sound, notifications. Each change counts at once. */
import { useState } from 'preact/hooks';
import { changeLanguage } from '../model/session';
import { desktopNotices, sound, theme, type Theme } from '../model/prefs';
import { chime } from '../model/sound';
import { Button } from '../parts/Button';
import { Choice, Switch } from '../parts/Choice';
import { language, t } from '../text/index';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function Look() {
  const words = t().settings.look;
  return (
    <div class="form">
      <Choice
        label={words.language}
        value={language.value}
        options={(['nl', 'en'] as const).map((one) => ({ value: one, label: one === 'nl' ? 'Nederlands' : 'English' }))}
        onChange={(next) => void changeLanguage(next)}
      />
      <Choice
        label={words.theme}
        value={theme.value}
        options={THEMES.map((one) => ({ value: one, label: words.themes[one] }))}
        onChange={(next) => (theme.value = next)}
      />
    </div>
  );
}

export function Notices() {
  const words = t().settings.notices;
  return (
    <div class="switches">
      <Switch label={words.sound} help={words.soundHelp} on={sound.value} onChange={(on) => (sound.value = on)}>
        <Button kind="quiet" onClick={() => chime()}>
          {words.try}
        </Button>
      </Switch>
      <Desktop />
    </div>
  );
}

/** Permission is asked on the agent's own click only. */
function Desktop() {
  const words = t().settings.notices;
  const missing = !('Notification' in globalThis);
  const [permission, setPermission] = useState(missing ? 'denied' : Notification.permission);
  const ask = async (on: boolean) => {
    if (!on) {
      desktopNotices.value = false;
      return;
    }
    const given = missing ? 'denied' : await Notification.requestPermission();
    setPermission(given);
    desktopNotices.value = given === 'granted';
  };
  const help = missing ? words.missing : permission === 'denied' ? words.denied : words.desktopHelp;
  return (
    <Switch
      label={words.desktop}
      help={help}
      on={desktopNotices.value && permission === 'granted'}
      disabled={permission === 'denied'}
      onChange={(on) => void ask(on)}
    />
  );
}
