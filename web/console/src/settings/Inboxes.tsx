/** Inboxes: which sites may use one, and the code that puts Balie there. */
import { useState } from 'preact/hooks';
import type { Inbox } from '@balie/protocol';
import { inboxes as api } from '../api/calls';
import { me, state } from '../model/desk';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { Field } from '../parts/Field';
import { t } from '../text/index';
import { originsIn, snippet } from './origins';
import { SaveLine } from './SaveLine';
import { useSaving } from './saving';

export function Inboxes() {
  const words = t().settings.inboxes;
  const admin = me.value?.role === 'admin';
  return (
    <>
      <p class="quiet">{admin ? words.lead : words.onlyAdmin}</p>
      {state.value?.inboxes.map((inbox) => (
        <section key={inbox.id} class="inbox" aria-label={inbox.name}>
          <h4>{inbox.name}</h4>
          <Snippet inbox={inbox} />
          {admin && <InboxForm inbox={inbox} />}
        </section>
      ))}
    </>
  );
}

function Snippet({ inbox }: { inbox: Inbox }) {
  const words = t().settings.inboxes;
  const [copied, setCopied] = useState(false);
  const code = snippet(inbox, location.origin);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div class="snippet">
      <p class="field-help">{words.snippet}</p>
      <div class="snippet-code">
        <code tabIndex={0}>{code}</code>
        <Button onClick={() => void copy()}>{copied ? t().common.copied : words.snippetCopy}</Button>
      </div>
    </div>
  );
}

function InboxForm({ inbox }: { inbox: Inbox }) {
  const words = t().settings.inboxes;
  const saving = useSaving();
  const [name, setName] = useState(inbox.name);
  const [language, setLanguage] = useState(inbox.language);
  const [sites, setSites] = useState(inbox.allowedOrigins.join('\n'));
  const [tried, setTried] = useState(false);
  const { origins, bad } = originsIn(sites);
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (bad || !name.trim()) return;
    if (await saving.run(() => api.change(inbox.id, { name: name.trim(), language, allowedOrigins: origins }))) setSites(origins.join('\n'));
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={words.sites} help={words.sitesHelp} error={tried && bad ? words.badSite(bad) : null}>
        {(ids) => <textarea {...ids} rows={3} spellcheck={false} value={sites} onInput={(event) => setSites(event.currentTarget.value)} />}
      </Field>
      <Field label={words.name} error={tried && !name.trim() ? t().settings.me.nameEmpty : null}>
        {(ids) => <input {...ids} type="text" value={name} maxLength={100} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Choice
        label={words.language}
        value={language}
        options={(['nl', 'en'] as const).map((one) => ({ value: one, label: one === 'nl' ? 'Nederlands' : 'English' }))}
        onChange={setLanguage}
      />
      <SaveLine saving={saving} />
    </form>
  );
}
