/** Add or change a webhook. */
import { ArrowLeft } from 'lucide';
import { useState } from 'preact/hooks';
import { EVENTS, type EventType, type Webhook, webhooks as api, type WebhookFields, type WebhookSecret } from '../../api/webhooks';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { focusFirst } from '../../parts/focus';
import { t } from '../../text/index';
import { SaveLine } from '../SaveLine';
import { useSaving } from '../saving';

const USUAL: EventType[] = ['conversation.opened', 'message.added', 'conversation.closed'];

interface FormProps {
  webhook: Webhook | null;
  onDone: () => void;
  onMade: (told: WebhookSecret) => void;
}

export function WebhookForm({ webhook, onDone, onMade }: FormProps) {
  const words = t().webhooks;
  const saving = useSaving();
  const [fields, setFields] = useState<WebhookFields>(webhook ?? { url: 'https://', description: '', events: USUAL, active: true });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<WebhookFields>) => setFields({ ...fields, ...change });
  const badUrl = !isAddress(fields.url);
  const noEvents = fields.events.length === 0;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (badUrl || noEvents) return;
    const { description, events, active } = fields;
    const clean = { url: fields.url.trim(), description: description.trim(), events, active };
    const saved = await saving.run(async () => {
      if (webhook) await api.change(webhook.id, clean);
      else onMade(await api.add(clean));
    }, words.errors);
    if (saved && webhook) onDone();
  };
  const toggle = (type: EventType, on: boolean) => set({ events: EVENTS.filter((one) => (one === type ? on : fields.events.includes(one))) });
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <Button kind="quiet" icon={ArrowLeft} onClick={onDone} class="form-back">
        {webhook ? words.one.back : words.title}
      </Button>
      <Field label={words.fields.url} help={words.fields.urlHelp} error={tried && badUrl ? words.errors.url_invalid : null}>
        {(ids) => <input {...ids} type="url" value={fields.url} maxLength={2000} spellcheck={false} autocomplete="off" ref={focusFirst} onInput={(event) => set({ url: event.currentTarget.value })} />}
      </Field>
      <Field label={`${words.fields.description} (${t().common.optional})`} help={words.fields.descriptionHelp}>
        {(ids) => <input {...ids} type="text" value={fields.description} maxLength={200} autocomplete="off" onInput={(event) => set({ description: event.currentTarget.value })} />}
      </Field>
      <fieldset class="checks" aria-describedby={tried && noEvents ? 'hook-events' : undefined}>
        <legend>{words.fields.events}</legend>
        {EVENTS.map((type) => (
          <label key={type} class="check">
            <input type="checkbox" checked={fields.events.includes(type)} onChange={(event) => toggle(type, event.currentTarget.checked)} />
            <span class="check-words">
              {words.events[type]}
              {type === 'note.added' && <small>{words.notesHelp}</small>}
            </span>
            <code>{type}</code>
          </label>
        ))}
        {tried && noEvents && (
          <p id="hook-events" class="field-error">
            {words.errors.events}
          </p>
        )}
      </fieldset>
      <SaveLine saving={saving} label={webhook ? t().common.save : words.add}>
        <Button onClick={onDone}>{t().common.cancel}</Button>
      </SaveLine>
    </form>
  );
}

function isAddress(text: string): boolean {
  try {
    const url = new URL(text.trim());
    return /^https?:$/.test(url.protocol) && url.hostname !== '' && !url.username && !url.hash;
  } catch {
    return false;
  }
}
