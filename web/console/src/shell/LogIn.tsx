/** The log-in form; alone on a page, or in a dialog when the session ended under the agent's hands. */
import { Eye, EyeOff } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import { Problem } from '../api/http';
import { changeLanguage, logIn, owesLogOut } from '../model/session';
import { Button, IconButton } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import { Mark } from '../parts/Mark';
import { language, t } from '../text/index';

export function LogInPage() {
  const words = t().login;
  return (
    <main class="login">
      <div class="login-card">
        <Mark size={40} />
        <h1>{words.title}</h1>
        <p class="login-lead">{words.lead}</p>
        {owesLogOut.value && (
          <p class="form-error" role="status">
            {words.owed}
          </p>
        )}
        <LogInForm />
      </div>
      <LanguageSwitch />
    </main>
  );
}

export function LogInAgain() {
  const words = t().login;
  return (
    <Dialog title={words.expiredTitle} onClose={() => undefined} stays bare class="dialog-small">
      <div class="login-again">
        <Mark size={32} />
        <p class="login-title" aria-hidden="true">
          {words.expiredTitle}
        </p>
        <p class="login-lead">{words.expired}</p>
        <LogInForm />
      </div>
    </Dialog>
  );
}

function LogInForm() {
  const words = t().login;
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [visible, setVisible] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const who = email.current?.value.trim() ?? '';
    const secret = password.current?.value ?? '';
    if (!who || !secret) {
      setError(words.missing);
      (who ? password : email).current?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await logIn(who, secret);
    } catch (failure) {
      setError(why(failure));
      setBusy(false);
      password.current?.select();
    }
  };
  return (
    <form class="login-form" noValidate onSubmit={(event) => void submit(event)}>
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      <Field label={words.email}>
        {(ids) => <input {...ids} ref={email} type="email" name="email" autocomplete="username" autofocus required spellcheck={false} />}
      </Field>
      <Field label={words.password}>
        {(ids) => (
          <div class="with-button">
            <input {...ids} ref={password} {...(visible ? { type: 'text' as const } : { type: 'password' as const })} name="password" autocomplete="current-password" required />
            <IconButton
              icon={visible ? EyeOff : Eye}
              label={visible ? words.hidePassword : words.showPassword}
              onClick={() => setVisible(!visible)}
            />
          </div>
        )}
      </Field>
      <Button kind="primary" type="submit" class="button-wide">
        {busy ? words.busy : words.submit}
      </Button>
    </form>
  );
}

function why(error: unknown): string {
  const words = t().login;
  if (!(error instanceof Problem)) return words.failed;
  if (error.status === 0) return words.unreachable;
  if (error.status === 429) return words.throttled(Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60)));
  if (error.status === 401 || error.status === 400) return words.wrong;
  return words.failed;
}

function LanguageSwitch() {
  return (
    <div class="language-switch" role="group" aria-label={t().login.language}>
      {(['nl', 'en'] as const).map((one) => (
        <button key={one} type="button" lang={one} aria-pressed={language.value === one} onClick={() => void changeLanguage(one)}>
          {one === 'nl' ? 'Nederlands' : 'English'}
        </button>
      ))}
    </div>
  );
}
