/** The agent's own name and password. */
import { useState } from 'preact/hooks';
import { session } from '../api/calls';
import { me, update } from '../model/desk';
import { logOut } from '../model/session';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { t } from '../text/index';
import { SaveLine } from './SaveLine';
import { useSaving } from './saving';

const SHORTEST = 10;

export function MyDetails() {
  const words = t().settings.me;
  const agent = me.value;
  const saving = useSaving();
  const [name, setName] = useState(agent?.name ?? '');
  const [tried, setTried] = useState(false);
  if (!agent) return null;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const clean = name.trim();
    if (!clean) return;
    if (await saving.run(() => session.change({ name: clean }))) update((before) => ({ ...before, me: { ...before.me, name: clean } }));
  };
  return (
    <>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={words.name} help={words.nameHelp} error={tried && !name.trim() ? words.nameEmpty : null}>
          {(ids) => <input {...ids} type="text" value={name} maxLength={100} autocomplete="name" onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <Field label={words.email}>{(ids) => <input {...ids} type="email" value={agent.email} readOnly />}</Field>
        <SaveLine saving={saving} />
      </form>
      <PasswordForm />
      <Button onClick={() => void logOut()}>{t().act.logout}</Button>
    </>
  );
}

function PasswordForm() {
  const words = t().settings.me;
  const saving = useSaving();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const short = next.length < SHORTEST;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (short || !old) return;
    const known = { credentials_wrong: words.wrong, password_wrong: words.wrong };
    if (await saving.run(() => session.change({ password: { old, new: next } }), known)) {
      setOld('');
      setNext('');
      setTried(false);
    }
  };
  return (
    <form class="form form-apart" noValidate onSubmit={(event) => void submit(event)}>
      <h4>{words.password}</h4>
      <input type="text" name="username" autocomplete="username" value={me.value?.email ?? ''} readOnly hidden />
      <Field label={words.old} error={tried && !old ? words.wrong : null}>
        {(ids) => <input {...ids} type="password" value={old} autocomplete="current-password" onInput={(event) => setOld(event.currentTarget.value)} />}
      </Field>
      <Field label={words.new} help={words.newHelp} error={tried && short ? words.short : null}>
        {(ids) => <input {...ids} type="password" value={next} autocomplete="new-password" onInput={(event) => setNext(event.currentTarget.value)} />}
      </Field>
      <SaveLine saving={saving} kind="plain" label={words.change} doneLabel={words.changed} />
    </form>
  );
}
