/** Whose conversation it is, and a searchable list to give it to somebody else (ARIA combobox in a popover). */
import { ChevronDown, Undo2 } from 'lucide';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Agent, Conversation } from '@balie/protocol';
import { Icon } from '@balie/ui';
import { assign, handBack } from '../model/actions';
import { me, presence, state } from '../model/desk';
import { isMe } from '../model/names';
import { statusWords } from '../model/status';
import { Avatar } from '../parts/Avatar';
import { placePopover } from '../parts/popover';
import { fold, rank } from '../search/rank';
import { t } from '../text/index';

export function AssignPicker({ row }: { row: Conversation }) {
  const words = t();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    if (!open || !popover.current || !button.current) return;
    popover.current.showPopover();
    placePopover(popover.current, button.current);
    popover.current.querySelector('input')?.focus();
  }, [open]);
  const { assignee } = row;
  const whose = assignee ? (isMe(assignee) ? words.list.mine : assignee.name) : words.thread.unassigned;
  return (
    <>
      <button
        ref={button}
        id="assign"
        type="button"
        class="assign"
        aria-label={`${words.act.assignLabel}: ${whose}`}
        data-tip={words.act.assign}
        data-action="assign"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {assignee && <Avatar id={assignee.id} name={assignee.name} size={20} person="agent" />}
        <span>{whose}</span>
        <Icon icon={ChevronDown} />
      </button>
      <div
        ref={popover}
        class="menu picker"
        popover="auto"
        role="dialog"
        aria-label={words.act.assign}
        onToggle={(event) => {
          if (event.newState === 'open') return;
          if (popover.current?.contains(document.activeElement)) button.current?.focus();
          setOpen(false);
        }}
      >
        {open && (
          <Choices
            row={row}
            onDone={() => {
              popover.current?.hidePopover();
              button.current?.focus();
            }}
          />
        )}
      </div>
    </>
  );
}

type Choice = { agent: Agent } | { agent: null };

function Choices({ row, onDone }: { row: Conversation; onDone: () => void }) {
  const words = t();
  const list = useId();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState(0);
  const choices = choicesFor(row, search);
  const at = Math.min(chosen, Math.max(0, choices.length - 1));
  const pick = (choice: Choice | undefined) => {
    if (!choice) return;
    onDone();
    void (choice.agent ? assign(row.id, choice.agent.id) : handBack(row.id));
  };
  return (
    <>
      <input
        class="picker-search"
        type="text"
        role="combobox"
        aria-label={words.act.assignSearch}
        aria-expanded="true"
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={choices.length ? `${list}-${at}` : undefined}
        placeholder={words.act.assignSearch}
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (move) setChosen((at + move + choices.length) % Math.max(1, choices.length));
          else if (event.key === 'Enter') pick(choices[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div id={list} role="listbox" aria-label={words.act.assign} class="picker-list">
        {choices.map((choice, index) => (
          <div
            key={choice.agent?.id ?? ''}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            class="menu-item"
            onPointerMove={() => setChosen(index)}
            onClick={() => pick(choice)}
          >
            {choice.agent ? (
              <>
                <Avatar id={choice.agent.id} name={choice.agent.name} size={24} person="agent" presence={there(choice.agent) ? 'online' : 'away'} />
                <span class="menu-text">
                  {choice.agent.name}
                  <small>{choice.agent.id === me.value?.id ? words.common.you : awayWords(choice.agent)}</small>
                </span>
              </>
            ) : (
              <>
                <Icon icon={Undo2} />
                <span class="menu-text">{words.act.handBack}</span>
              </>
            )}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p class="picker-none">{words.common.none}</p>}
    </>
  );
}

function there(agent: Agent): boolean {
  return agent.status === 'online' && (agent.id === me.value?.id || presence.value.agents.has(agent.id) || agent.kind === 'bot');
}

/** Why a colleague is not there, where that is told. */
function awayWords(agent: Agent): string {
  return there(agent) ? t().status.online : statusWords('away', agent.awayReason);
}

/** Me first, then who is there, then the rest; not whoever has it. */
function choicesFor(row: Conversation, search: string): Choice[] {
  const mine = me.value?.id;
  const order = (agent: Agent) => (agent.id === mine ? 0 : there(agent) ? 1 : 2);
  const others = (state.value?.agents ?? [])
    .filter((agent) => agent.active && agent.id !== row.assignee?.id)
    .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
  const found: Choice[] = rank(search, others, (agent) => [fold(agent.name)], 100).map(({ item }) => ({ agent: item }));
  return row.assignee && !search ? [...found, { agent: null }] : found;
}
