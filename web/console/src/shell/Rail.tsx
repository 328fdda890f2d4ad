/** The rail: where in Balie, search, and who I am. */
import { CircleHelp, Inbox, LogOut, Moon, Search, Settings as Cog, Sun, Zap } from 'lucide';
import { logOut, changeLanguage } from '../model/session';
import { counts, me, myself } from '../model/desk';
import { setStatus } from '../model/actions';
import { isDark, toggleTheme } from '../model/prefs';
import { openConversation } from '../model/route';
import { REASONS, statusWords } from '../model/status';
import { commandsOpen, helpOpen, narrow, settingsOpen } from '../model/ui';
import { Avatar } from '../parts/Avatar';
import { IconButton } from '../parts/Button';
import { Mark } from '../parts/Mark';
import { Menu } from '../parts/Menu';
import { language, t } from '../text/index';

export function Rail() {
  const words = t().act;
  const unread = counts.value?.unread ?? 0;
  const shown = unread > 99 ? '99+' : String(unread);
  // Who speaks to the screen says what stands on it (WCAG 2.5.3), "99+" included.
  const inbox = unread > 0 ? `${words.inbox}, ${t().list.unread(unread).replace(String(unread), shown)}` : words.inbox;
  return (
    <nav class="rail" aria-label={t().product}>
      <span class="rail-mark">
        <Mark size={28} />
      </span>
      <IconButton icon={Inbox} size={20} class="is-current" label={inbox} onClick={() => openConversation(null)}>
        {unread > 0 && <span class="rail-badge" aria-hidden="true">{shown}</span>}
      </IconButton>
      <IconButton icon={Search} size={20} label={words.commands} action="commands" popup="dialog" onClick={() => (commandsOpen.value = true)} />
      <IconButton icon={Zap} size={20} label={words.replies} popup="dialog" onClick={() => (settingsOpen.value = 'replies')} />
      <span class="rail-space" />
      {!narrow.value && (
        <>
          <IconButton icon={isDark() ? Sun : Moon} size={20} label={words.theme} action="theme" onClick={toggleTheme} />
          <IconButton icon={CircleHelp} size={20} label={words.help} action="help" popup="dialog" onClick={() => (helpOpen.value = true)} />
        </>
      )}
      <IconButton icon={Cog} size={20} label={words.settings} action="settings" popup="dialog" onClick={() => (settingsOpen.value = 'me')} />
      <MyMenu />
    </nav>
  );
}

function MyMenu() {
  const agent = me.value;
  const status = myself.value?.status ?? 'away';
  const reason = myself.value?.awayReason ?? '';
  const words = t();
  if (!agent) return null;
  return (
    <Menu
      id="my-status"
      class="rail-me"
      label={`${words.status.label}: ${statusWords(status, reason)}`}
      trigger={<Avatar id={agent.id} name={agent.name} size={32} presence={status} person="agent" />}
      head={
        <div class="menu-head">
          <strong>{agent.name}</strong>
          <span>{agent.organisation.name}</span>
        </div>
      }
      items={[
        { label: words.status.online, help: words.status.onlineHelp, chosen: status === 'online', run: () => setStatus('online') },
        { label: words.status.away, help: words.status.awayHelp, chosen: status === 'away' && !reason, run: () => setStatus('away') },
        ...REASONS.map((one) => ({ label: words.status.reasons[one], chosen: status === 'away' && reason === one, run: () => setStatus('away', one) })),
        { label: language.value === 'nl' ? 'English' : 'Nederlands', run: () => void changeLanguage(language.value === 'nl' ? 'en' : 'nl'), apart: true },
        { label: words.act.settings, icon: Cog, action: 'settings', run: () => (settingsOpen.value = 'me') },
        { label: words.act.logout, icon: LogOut, run: () => void logOut() },
      ]}
    />
  );
}
