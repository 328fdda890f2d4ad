/** Colleagues; an admin adds them and sets them inactive. */
import { Plus } from 'lucide';
import { useState } from 'preact/hooks';
import type { Agent, Role } from '@balie/protocol';
import { agents as api } from '../api/calls';
import { me, presence, state } from '../model/desk';
import { notify } from '../model/announce';
import { statusWords } from '../model/status';
import { Avatar } from '../parts/Avatar';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { t } from '../text/index';
import { focusFirst } from '../parts/focus';
import { SaveLine } from './SaveLine';
import { useSaving } from './saving';

const ROLES: readonly Role[] = ['agent', 'supervisor', 'admin'];

export function Agents() {
  const words = t().settings.agents;
  const [adding, setAdding] = useState(false);
  const admin = me.value?.role === 'admin';
  const all = [...(state.value?.agents ?? [])].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  if (adding) return <AgentForm onDone={() => setAdding(false)} />;
  return (
    <>
      <div class="settings-bar">
        <p class="quiet">{admin ? words.lead : words.onlyAdmin}</p>
        {admin && (
          <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )}
      </div>
      <ul class="people">
        {all.map((agent) => (
          <Person key={agent.id} agent={agent} admin={admin} />
        ))}
      </ul>
    </>
  );
}

function Person({ agent, admin }: { agent: Agent; admin: boolean }) {
  const words = t().settings.agents;
  const saving = useSaving();
  const mine = agent.id === me.value?.id;
  const here = mine || presence.value.agents.has(agent.id);
  const status = here ? statusWords(agent.status, agent.awayReason) : words.notConnected;
  return (
    <li class={agent.active ? '' : 'is-inactive'}>
      <Avatar id={agent.id} name={agent.name} person="agent" presence={agent.active ? (here && agent.status === 'online' ? 'online' : 'away') : null} />
      <span class="person-words">
        <strong>{agent.name}</strong>
        <span class="quiet">
          {agent.kind === 'bot' ? words.bot : words.roles[agent.role]} · {agent.active ? status : words.inactive}
        </span>
      </span>
      {saving.error && <span class="field-error">{saving.error}</span>}
      {admin && !mine && (
        <Button kind="quiet" disabled={saving.busy} onClick={() => void saving.run(() => api.change(agent.id, { active: !agent.active }))}>
          {agent.active ? words.deactivate : words.activate}
        </Button>
      )}
    </li>
  );
}

function AgentForm({ onDone }: { onDone: () => void }) {
  const words = t().settings.agents;
  const login = t().login;
  const saving = useSaving();
  const [fields, setFields] = useState({ name: '', email: '', role: 'agent' as Role, password: password() });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change });
  const noName = !fields.name.trim();
  const badEmail = !/^\S+@\S+\.\S+$/.test(fields.email.trim());
  const short = fields.password.length < 10;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (noName || badEmail || short) return;
    const agent = { ...fields, name: fields.name.trim(), email: fields.email.trim() };
    if (await saving.run(() => api.add(agent), { email_taken: words.taken, conflict: words.taken })) {
      notify(words.added(agent.name));
      onDone();
    }
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={words.name} error={tried && noName ? t().settings.me.nameEmpty : null}>
        {(ids) => <input {...ids} type="text" value={fields.name} maxLength={100} ref={focusFirst} autocomplete="off" onInput={(event) => set({ name: event.currentTarget.value })} />}
      </Field>
      <Field label={words.email} error={tried && badEmail ? t().contact.badEmail : null}>
        {(ids) => <input {...ids} type="email" value={fields.email} autocomplete="off" onInput={(event) => set({ email: event.currentTarget.value })} />}
      </Field>
      <Field label={words.role}>
        {(ids) => (
          <select {...ids} value={fields.role} onChange={(event) => set({ role: event.currentTarget.value as Role })}>
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {words.roles[role]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.password} help={words.passwordHelp} error={tried && short ? t().settings.me.short : null}>
        {(ids) => (
          <div class="with-button">
            <input {...ids} type="text" value={fields.password} autocomplete="new-password" spellcheck={false} onInput={(event) => set({ password: event.currentTarget.value })} />
            <Button kind="quiet" onClick={() => set({ password: password() })} tip={login.password}>
              {words.generate}
            </Button>
          </div>
        )}
      </Field>
      <SaveLine saving={saving} label={words.add}>
        <Button onClick={onDone}>{t().common.cancel}</Button>
      </SaveLine>
    </form>
  );
}

/** Four groups of four letters and digits that are not mistaken for each other: about 79 bits. */
function password(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const random = crypto.getRandomValues(new Uint32Array(16));
  const text = [...random].map((number) => letters[number % letters.length]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}
