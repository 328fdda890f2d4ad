/** Ctrl/Cmd-K: one field that finds everything (ARIA combobox with a listbox). */
import {
  Archive,
  Check,
  CircleDot,
  CircleHelp,
  CornerDownLeft,
  Hand,
  Inbox,
  Layers,
  Link as LinkIcon,
  LogOut,
  MessageSquare,
  PanelRight,
  Reply,
  RotateCcw,
  ScanEye,
  Search,
  Settings as Cog,
  StickyNote,
  SunMoon,
  Undo2,
  User,
  UserCheck,
  UserPlus,
  Zap,
} from 'lucide';
import type { IconNode } from 'lucide';
import { useId, useMemo, useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { can, perform } from '../keys/run';
import { KEYS, type ActionId } from '../keys/table';
import { state } from '../model/desk';
import { joinFound } from '../look/actions';
import { insertReply } from '../compose/insert';
import { contactName } from '../model/names';
import { openConversation, route } from '../model/route';
import { commandsOpen } from '../model/ui';
import { Avatar } from '../parts/Avatar';
import { Dialog } from '../parts/Dialog';
import { ActionKey } from '../parts/Keys';
import { find, type Found } from '../search/commands';
import { t } from '../text/index';

const GOTO: Partial<Record<ActionId, IconNode>> = { gotoUnassigned: Inbox, gotoMine: UserCheck, gotoAll: Layers, gotoClosed: Archive };
const ICONS: Partial<Record<ActionId, IconNode>> = {
  ...GOTO,
  take: Hand,
  reply: Reply,
  note: StickyNote,
  close: Check,
  reopen: RotateCcw,
  assign: UserPlus,
  handBack: Undo2,
  context: PanelRight,
  copyLink: LinkIcon,
  canned: Zap,
  lookAlong: ScanEye,
  lookCode: ScanEye,
  help: CircleHelp,
  settings: Cog,
  theme: SunMoon,
  status: CircleDot,
  logout: LogOut,
};
const HIDDEN: readonly ActionId[] = ['next', 'previous', 'commands', 'switchTab'];

export function CommandBar() {
  const words = t();
  const list = useId();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => lookUp(search), [search]);
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  const close = () => (commandsOpen.value = false);
  const run = (one: Found | undefined) => {
    if (!one) return;
    close();
    // After the dialog has given the focus back, so that the action may move it.
    setTimeout(() => execute(one));
  };
  const move = (to: number) => {
    const next = (to + found.length) % Math.max(1, found.length);
    setChosen(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title={words.commands.title} onClose={close} bare class="dialog-commands">
      <div class="commands-search">
        <Icon icon={Search} />
        <input
          type="text"
          role="combobox"
          aria-label={words.commands.placeholder}
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
          autofocus
          autocomplete="off"
          spellcheck={false}
          placeholder={words.commands.placeholder}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(at + 1);
            else if (event.key === 'ArrowUp') move(at - 1);
            else if (event.key === 'Home' && event.ctrlKey) move(0);
            else if (event.key === 'Enter' && !event.isComposing) run(found[at]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div class="commands-list" id={list} role="listbox" aria-label={words.commands.title}>
        {grouped(found).map(({ group, from, items }) => (
          <div key={`${group}${from}`} role="group" aria-label={words.commands.groups[group]}>
            <div class="commands-group" aria-hidden="true">
              {words.commands.groups[group]}
            </div>
            {items.map((one, index) => (
              <div
                key={from + index}
                id={`${list}-${from + index}`}
                role="option"
                aria-selected={from + index === at}
                class="commands-item"
                onPointerMove={() => setChosen(from + index)}
                onClick={() => run(one)}
              >
                <Line found={one} />
              </div>
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="commands-none">{words.commands.none}</p>}
      <footer class="commands-foot" aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {words.commands.move}
        </span>
        <span>
          <kbd>
            <Icon icon={CornerDownLeft} size={16} />
          </kbd>{' '}
          {words.commands.choose}
        </span>
        <span>
          <kbd>Esc</kbd> {words.commands.dismiss}
        </span>
      </footer>
      <div class="hidden-text" role="status">
        {search && words.commands.results(found.length)}
      </div>
    </Dialog>
  );
}

function Line({ found }: { found: Found }) {
  if ('code' in found) {
    return (
      <>
        <span class="commands-icon">
          <Icon icon={ScanEye} />
        </span>
        <span class="commands-title">{found.title}</span>
      </>
    );
  }
  if ('action' in found) {
    return (
      <>
        <span class="commands-icon">
          <Icon icon={ICONS[found.action] ?? CornerDownLeft} />
        </span>
        <span class="commands-title">{found.title}</span>
        <ActionKey action={found.action} />
      </>
    );
  }
  return (
    <>
      {'reply' in found ? (
        <span class="commands-icon">
          <Icon icon={Zap} />
        </span>
      ) : found.group === 'contacts' ? (
        <span class="commands-icon">
          <Icon icon={User} />
        </span>
      ) : (
        <Avatar id={found.row.contact.id} name={found.title} size={20} />
      )}
      <span class="commands-title">{found.title}</span>
      <span class="commands-detail">{found.detail}</span>
      {found.group === 'conversations' && (
        <span class="commands-note">
          {found.row.status === 'closed' ? t().list.closed : ''} <Icon icon={MessageSquare} /> {found.row.number}
        </span>
      )}
      {'reply' in found && <span class="commands-note">/{found.reply.shortcut}</span>}
    </>
  );
}

function lookUp(search: string): Found[] {
  const current = state.peek();
  const words = t();
  return find(search, {
    actions: KEYS.filter((key) => key.where !== 'shown' && !HIDDEN.includes(key.action) && can(key.action)).map((key) => ({
      action: key.action,
      title: words.act[key.action],
      view: key.action in GOTO,
    })),
    conversations: current ? [...current.conversations.values()] : [],
    replies: route.peek().conversation && current ? current.replies : [],
    nameOf: contactName,
    codeTitle: words.looking.code.command,
  });
}

function grouped(found: readonly Found[]) {
  const groups: { group: Found['group']; from: number; items: Found[] }[] = [];
  found.forEach((one, index) => {
    const last = groups[groups.length - 1];
    if (last?.group === one.group) last.items.push(one);
    else groups.push({ group: one.group, from: index, items: [one] });
  });
  return groups;
}

function execute(found: Found): void {
  if ('action' in found) perform(found.action);
  else if ('code' in found) void joinFound(found.code);
  else if ('reply' in found) insertReply(found.reply);
  else openConversation(found.row.id);
}
