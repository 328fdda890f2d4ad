/** The settings dialog: sections on the left, one column on the right. */
import { Bell, Clock, Globe, Palette, ScanEye, User, Users, Webhook, X, Zap } from 'lucide';
import type { IconNode } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { me } from '../model/desk';
import { settingsOpen, type SettingsSection } from '../model/ui';
import { IconButton } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { t } from '../text/index';
import { Agents } from './Agents';
import { HoursPage } from './hours/HoursPage';
import { Inboxes } from './Inboxes';
import { Look, Notices } from './Device';
import { Looking } from './looking/Looking';
import { MyDetails } from './MyDetails';
import { Replies } from './Replies';
import { Webhooks } from './webhooks/Webhooks';

/** `admin`: nobody else sees the section. */
const SECTIONS: Record<SettingsSection, { icon: IconNode; page: () => preact.JSX.Element | null; admin?: true }> = {
  me: { icon: User, page: MyDetails },
  look: { icon: Palette, page: Look },
  notices: { icon: Bell, page: Notices },
  replies: { icon: Zap, page: Replies },
  agents: { icon: Users, page: Agents },
  inboxes: { icon: Globe, page: Inboxes },
  hours: { icon: Clock, page: HoursPage, admin: true },
  looking: { icon: ScanEye, page: Looking, admin: true },
  webhooks: { icon: Webhook, page: Webhooks, admin: true },
};

export function Settings() {
  const words = t().settings;
  const shown = (Object.keys(SECTIONS) as SettingsSection[]).filter((one) => !SECTIONS[one].admin || me.value?.role === 'admin');
  const section = shown.find((one) => one === settingsOpen.value) ?? 'me';
  const Page = SECTIONS[section].page;
  const close = () => (settingsOpen.value = null);
  const nav = useRef<HTMLElement>(null);
  // On a phone the sections stand in a row that is wider than the screen.
  useLayoutEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [section]);
  return (
    <Dialog title={words.title} onClose={close} bare class="dialog-settings">
      <nav ref={nav} class="settings-nav" aria-label={words.title}>
        <p class="settings-title" aria-hidden="true">
          {words.title}
        </p>
        {shown.map((one) => (
          <button key={one} type="button" class="settings-tab" aria-current={one === section ? 'page' : undefined} onClick={() => (settingsOpen.value = one)}>
            <Icon icon={SECTIONS[one].icon} />
            {words.sections[one]}
          </button>
        ))}
      </nav>
      <div class="settings-page" key={section}>
        <header class="settings-head">
          <h3>{words.sections[section]}</h3>
          <IconButton icon={X} label={t().common.close} onClick={close} />
        </header>
        <div class="settings-body">
          <Page />
        </div>
      </div>
    </Dialog>
  );
}
