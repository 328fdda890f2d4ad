/** Canned replies above the reply box: a search field with a listbox and a preview as this contact would read it. */
import { Zap } from 'lucide';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CannedReply, Conversation } from '@balie/protocol';
import { cx, Icon } from '@balie/ui';
import { findReplies } from '../canned/find';
import { pieces } from '../canned/variables';
import { me, state } from '../model/desk';
import { settingsOpen } from '../model/ui';
import { t } from '../text/index';
import { insertReply, values } from './insert';

interface PickerProps {
  row: Conversation;
  /** With what was typed, when it was no search after all. */
  onClose: (typed: string) => void;
}

export function CannedPicker({ row, onClose }: PickerProps) {
  const words = t().canned;
  const list = useId();
  const popover = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState(0);
  const all = state.value?.replies ?? [];
  const found = findReplies(search, all, row.language);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  const reply = found[at];

  // Before the next key, so that fast typing lands in the search.
  useLayoutEffect(() => {
    popover.current?.showPopover();
    popover.current?.querySelector('input')?.focus();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const pick = (one: CannedReply | undefined) => {
    if (!one) return;
    onClose('');
    insertReply(one);
  };
  const keys = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) setChosen((at + move + found.length) % Math.max(1, found.length));
    else if ((event.key === 'Enter' && !event.isComposing) || event.key === 'Tab') pick(reply);
    else if (event.key === 'Escape') onClose(search && `/${search}`);
    else if (event.key === ' ' && search === '') onClose('/ ');
    else if (event.key === 'Backspace' && search === '') onClose('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={popover}
      class="canned"
      popover="manual"
      role="dialog"
      aria-label={words.title}
      onFocusOut={(event) => {
        if (event.relatedTarget instanceof Node && !popover.current?.contains(event.relatedTarget)) onClose('');
      }}
    >
      <div class="canned-search">
        <span aria-hidden="true">/</span>
        <input
          type="text"
          role="combobox"
          aria-label={words.search}
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={reply ? `${list}-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={words.search}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={keys}
        />
      </div>
      {found.length > 0 ? (
        <div class="canned-body">
          <div id={list} role="listbox" aria-label={words.title} class="canned-list" onPointerDown={(event) => event.preventDefault()}>
            {found.map((one, index) => (
              <div
                key={one.id}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === at}
                class="canned-item"
                onPointerMove={() => setChosen(index)}
                onClick={() => pick(one)}
              >
                <span class="canned-title">{one.title}</span>
                {one.language !== '' && one.language !== row.language && <span class="row-language">{one.language.toUpperCase()}</span>}
                <span class="canned-short">/{one.shortcut}</span>
              </div>
            ))}
          </div>
          {reply && <Preview reply={reply} />}
        </div>
      ) : (
        <p class="canned-none">
          <Icon icon={Zap} />
          {all.length > 0 ? words.none : words.noneYet}
          {all.length === 0 && me.value?.role !== 'agent' && (
            <button
              type="button"
              class="link-button"
              onClick={() => {
                onClose('');
                settingsOpen.value = 'replies';
              }}
            >
              {words.create}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** The reply as it would be inserted: known values plain, gaps marked with what becomes of them. */
export function Preview({ reply }: { reply: Pick<CannedReply, 'text' | 'language'> }) {
  const words = t();
  return (
    <section class="canned-preview" aria-label={words.canned.preview} lang={reply.language || undefined}>
      {pieces(reply.text, values()).map((piece, index) => {
        if (piece.kind === 'text') return piece.text;
        const known = piece.kind === 'known';
        const tip = known ? undefined : piece.kind === 'missing' ? words.canned.missing : words.canned.dropped;
        return (
          <span key={index} class={cx('variable', !known && `is-${piece.kind}`)} title={tip}>
            {known ? piece.text : (words.variables[piece.name] ?? piece.name)}
          </span>
        );
      })}
    </section>
  );
}
