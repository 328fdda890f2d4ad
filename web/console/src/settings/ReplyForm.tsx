/** Make or change one canned reply, with its preview beside the words. */
import { ArrowLeft } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import type { CannedReply } from '@balie/protocol';
import { replies, type ReplyFields } from '../api/calls';
import { unknownVariables, VARIABLES } from '../canned/variables';
import { Preview } from '../compose/CannedPicker';
import { state } from '../model/desk';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { Field } from '../parts/Field';
import { language as screen, t } from '../text/index';
import { focusFirst } from '../parts/focus';
import { SaveLine } from './SaveLine';
import { useSaving } from './saving';

const SHORTCUT = /^[a-z0-9][a-z0-9-]*$/;

export function ReplyForm({ reply, onDone }: { reply: CannedReply | null; onDone: () => void }) {
  const words = t().canned;
  const saving = useSaving();
  const box = useRef<HTMLTextAreaElement>(null);
  const [fields, setFields] = useState<ReplyFields>(reply ?? { title: '', shortcut: '', text: '', language: screen.peek() });
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const errors = tried ? problems(fields, reply) : {};
  const set = (change: Partial<ReplyFields>) => setFields({ ...fields, ...change });

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems(fields, reply)).length > 0) return;
    const { title, shortcut, text, language } = fields;
    const clean = { title: title.trim(), shortcut, text: text.trim(), language };
    const known = { shortcut_taken: words.errors.taken };
    if (await saving.run(() => (reply ? replies.change(reply.id, clean) : replies.add(clean)), known)) onDone();
  };
  const remove = async () => {
    if (reply && (await saving.run(() => replies.remove(reply.id)))) onDone();
  };
  const insert = (name: string) => {
    const element = box.current;
    if (!element) return;
    element.focus();
    element.setRangeText(`{{${name}}}`, element.selectionStart, element.selectionEnd, 'end');
    set({ text: element.value });
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <Button kind="quiet" icon={ArrowLeft} onClick={onDone} class="form-back">
        {words.title}
      </Button>
      <div class="form-two">
        <Field label={words.fields.title} error={errors.title}>
          {(ids) => <input {...ids} type="text" value={fields.title} maxLength={100} ref={focusFirst} onInput={(event) => set({ title: event.currentTarget.value })} />}
        </Field>
        <Field label={words.fields.shortcut} help={words.fields.shortcutHelp} error={errors.shortcut}>
          {(ids) => (
            <div class="with-prefix">
              <span aria-hidden="true">/</span>
              <input
                {...ids}
                type="text"
                value={fields.shortcut}
                maxLength={40}
                spellcheck={false}
                autocapitalize="off"
                onInput={(event) => set({ shortcut: event.currentTarget.value.toLowerCase().replace(/\s+/g, '-') })}
              />
            </div>
          )}
        </Field>
      </div>
      <Choice
        label={words.fields.language}
        value={fields.language}
        options={[
          { value: 'nl', label: 'Nederlands' },
          { value: 'en', label: 'English' },
          { value: '', label: words.anyLanguage },
        ]}
        onChange={(language) => set({ language })}
      />
      <Field label={words.fields.text} error={errors.text}>
        {(ids) => <textarea {...ids} ref={box} rows={6} value={fields.text} maxLength={8000} onInput={(event) => set({ text: event.currentTarget.value })} />}
      </Field>
      <div class="variables" role="group" aria-label={words.fields.variables}>
        {VARIABLES.map((name) => (
          <button key={name} type="button" class="chip" onClick={() => insert(name)}>
            {t().variables[name]}
          </button>
        ))}
      </div>
      {fields.text.includes('{{') && (
        <div class="form-preview">
          <p class="field-help">{words.preview}</p>
          <Preview reply={fields} />
        </div>
      )}
      <SaveLine saving={saving}>
        {reply && !asking && (
          <Button kind="quiet" onClick={() => setAsking(true)}>
            {t().common.remove}
          </Button>
        )}
      </SaveLine>
      {reply && asking && (
        <div class="ask" role="alert">
          <p>{words.removeAsk(reply.title)}</p>
          <Button kind="danger" onClick={() => void remove()}>
            {t().common.remove}
          </Button>
          <Button onClick={() => setAsking(false)}>{t().common.cancel}</Button>
        </div>
      )}
    </form>
  );
}

function problems(fields: ReplyFields, reply: CannedReply | null): Partial<Record<'title' | 'shortcut' | 'text', string>> {
  const words = t().canned.errors;
  const found: Partial<Record<'title' | 'shortcut' | 'text', string>> = {};
  const unknown = unknownVariables(fields.text)[0];
  const taken = state.peek()?.replies.some((one) => one.id !== reply?.id && one.shortcut === fields.shortcut && one.language === fields.language);
  if (!fields.title.trim()) found.title = words.title;
  if (!SHORTCUT.test(fields.shortcut)) found.shortcut = words.shortcut;
  else if (taken) found.shortcut = words.taken;
  if (!fields.text.trim()) found.text = words.text;
  else if (unknown !== undefined) found.text = words.variable(unknown);
  return found;
}
