/** The reply box: reply or note, grows with its text, keeps its draft, sends on Enter. */
import { MessageSquareText, SendHorizontal } from 'lucide';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { TEXT_LIMIT, type Conversation } from '@balie/protocol';
import { typistsOf } from '@balie/state';
import { cx } from '@balie/ui';
import { gaps } from '../canned/variables';
import { send } from '../model/actions';
import { theLink, typing } from '../model/desk';
import { draft, type DraftKind, setDraft } from '../model/drafts';
import { contactName, isMe } from '../model/names';
import { composeTab, focusComposer } from '../model/ui';
import { Button, IconButton } from '../parts/Button';
import { t } from '../text/index';
import { CannedPicker } from './CannedPicker';
import { insertText, selectGap } from './insert';

const WARN_LEFT = 500;

export function Composer({ row }: { row: Conversation }) {
  const words = t();
  const kind = composeTab.value;
  const text = draft(row.id, kind);
  const box = useRef<HTMLTextAreaElement>(null);
  const [picking, setPicking] = useState<'key' | 'button' | null>(null);
  const [blocked, setBlocked] = useState(false);
  const note = kind === 'note';
  const over = Array.from(text).length - TEXT_LIMIT;
  const open = gaps(text);
  const empty = text.trim() === '';

  useGrowing(box, text);
  useEffect(() => () => theLink()?.typing(row.id, false), []);
  useEffect(() => setBlocked(false), [text, kind]);

  const submit = () => {
    if (empty || over > 0) return;
    if (open.length > 0) {
      setBlocked(true);
      selectGap(0);
      return;
    }
    send(row.id, text.trim(), note);
    setDraft(row.id, kind, '');
    if (!note) theLink()?.typing(row.id, false);
    box.current?.focus();
  };
  const write = (next: string) => {
    setDraft(row.id, kind, next);
    if (!note) theLink()?.typing(row.id, next.trim() !== '');
  };
  const keys = (event: KeyboardEvent) => {
    const mod = event.metaKey || event.ctrlKey;
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) submit();
    else if (event.key === '/' && !mod && startsWord(box.current)) setPicking('key');
    else if (mod && event.shiftKey && event.key.toLowerCase() === 'n') focusComposer(note ? 'message' : 'note');
    else if (event.key === 'Tab' && !event.shiftKey && open.length > 0 && selectGap(box.current?.selectionEnd ?? 0)) void 0;
    else return;
    event.preventDefault();
  };
  return (
    <section class={cx('composer', note && 'is-note')} aria-label={words.compose.label}>
      <Whispers row={row} />
      <div class="composer-card">
        <div class="composer-tabs" role="tablist" aria-label={words.compose.tabs}>
          <Tab kind="message" label={words.compose.reply} action="reply" />
          <Tab kind="note" label={words.compose.note} action="note" />
        </div>
        <div class="composer-text" id="compose-panel" role="tabpanel" aria-labelledby={`tab-${kind}`}>
          {open.length > 0 && <Marked text={text} />}
          <textarea
            ref={box}
            id="compose-text"
            rows={1}
            value={text}
            aria-label={placeholder(row, note)}
            aria-invalid={over > 0 || blocked}
            aria-describedby="compose-problem"
            placeholder={placeholder(row, note)}
            autocomplete="off"
            enterkeyhint="send"
            onInput={(event) => write(event.currentTarget.value)}
            onScroll={(event) => {
              const marked = event.currentTarget.previousElementSibling;
              if (marked) marked.scrollTop = event.currentTarget.scrollTop;
            }}
            onKeyDown={keys}
            onBlur={() => !note && theLink()?.typing(row.id, false)}
          />
        </div>
        <div class="composer-foot">
          <IconButton id="canned" icon={MessageSquareText} label={words.compose.canned} action="canned" popup="dialog" expanded={picking !== null} onClick={() => setPicking('button')} />
          <p class="composer-hint" aria-hidden="true">
            <kbd>/</kbd> {words.compose.slashHint}
          </p>
          <p id="compose-problem" class="composer-problem" role="status">
            {over > 0
              ? words.compose.tooLong(over)
              : blocked
                ? words.compose.fill(open.map((gap) => words.variables[gap.name] ?? gap.name).join(', '))
                : over > -WARN_LEFT
                  ? words.compose.left(-over)
                  : ''}
          </p>
          <span class="composer-enter" aria-hidden="true">
            {note ? words.compose.enterSaves : words.compose.enterHint}
          </span>
          <Button kind="primary" icon={SendHorizontal} disabled={empty || over > 0} onClick={submit} class="composer-send">
            {note ? words.compose.sendNote : words.compose.send}
          </Button>
        </div>
      </div>
      {picking && (
        <CannedPicker
          row={row}
          onClose={(typed) => {
            setPicking(null);
            box.current?.focus();
            if (typed && picking === 'key') insertText(typed);
          }}
        />
      )}
    </section>
  );
}

function Tab({ kind, label, action }: { kind: DraftKind; label: string; action: 'reply' | 'note' }) {
  const on = composeTab.value === kind;
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${kind}`}
      aria-selected={on}
      aria-controls="compose-panel"
      tabIndex={on ? 0 : -1}
      class="composer-tab"
      data-tip={label}
      data-action={action}
      onClick={() => focusComposer(kind)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        composeTab.value = kind === 'note' ? 'message' : 'note';
        requestAnimationFrame(() => document.getElementById(`tab-${composeTab.peek()}`)?.focus());
      }}
    >
      {label}
    </button>
  );
}

/** What to know before writing: a colleague has it, or writes too. */
function Whispers({ row }: { row: Conversation }) {
  const words = t().compose;
  const colleague = typistsOf(typing.value, row.id, Date.now()).find((one) => one.kind !== 'contact' && !isMe(one));
  if (colleague) return <p class="whisper">{words.colleagueTyping(colleague.name)}</p>;
  if (row.status === 'open' && row.assignee && !isMe(row.assignee)) return <p class="whisper">{words.otherAssignee(row.assignee.name)}</p>;
  return null;
}

/** The same text under the field, with the variables to fill in marked. */
function Marked({ text }: { text: string }) {
  const parts = [];
  let from = 0;
  for (const gap of gaps(text)) {
    parts.push(text.slice(from, gap.from), <mark key={gap.from}>{text.slice(gap.from, gap.to)}</mark>);
    from = gap.to;
  }
  return (
    <div class="composer-marked" aria-hidden="true">
      {parts}
      {text.slice(from)}
      {'\n'}
    </div>
  );
}

function placeholder(row: Conversation, note: boolean): string {
  const words = t().compose;
  if (note) return words.placeholderNote;
  if (row.status === 'closed') return words.placeholderClosed;
  const name = shortened(contactName(row));
  return row.assignee ? words.placeholder(name) : words.placeholderTake(name);
}

/** A `/` that begins a word asks for a canned reply; one inside "1/2" or an address does not. */
function startsWord(box: HTMLTextAreaElement | null): boolean {
  return box !== null && /(^|\s)$/.test(box.value.slice(0, box.selectionStart));
}

function useGrowing(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    if (box.current) grow(box.current);
  }, [text]);
  // Its lines break elsewhere when the pane becomes narrower.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let width = element.clientWidth;
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      grow(element);
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
}

function grow(element: HTMLTextAreaElement): void {
  element.style.height = 'auto';
  element.style.height = `${element.scrollHeight}px`;
}

/** Its first words: a long name would take the lines that the answer needs. */
function shortened(name: string): string {
  return name.length <= 32 ? name : (/^.{1,32}(?=\s)/u.exec(name)?.[0] ?? name.slice(0, 32));
}
