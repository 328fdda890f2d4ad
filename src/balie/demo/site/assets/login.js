// The log-in form: show the password, say plainly that it is wrong, lock after three tries.

import { problems, tell } from './forms.js';
import { signIn } from './session.js';
import { say } from './texts.js';

const form = document.querySelector('#login');
const banner = document.querySelector('#login-banner');
const password = form.elements.password;
const reveal = form.querySelector('[data-reveal]');

reveal.addEventListener('click', () => {
  const showing = password.type === 'text';
  password.type = showing ? 'password' : 'text';
  reveal.textContent = say(showing ? 'show' : 'hide');
  reveal.setAttribute('aria-label', say(showing ? 'showPassword' : 'hidePassword'));
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  banner.hidden = true;
  if (!tell(form, problems(form))) return;
  const outcome = signIn(form.elements.email.value, password.value, form.elements.remember.checked);
  if (outcome.ok) {
    location.assign(form.dataset.account);
    return;
  }
  password.value = '';
  if (outcome.lockedMs) {
    complain(say('locked'), say('lockedWhy', { minutes: Math.ceil(outcome.lockedMs / 60_000) }));
  } else {
    complain(say('loginWrong'), say(outcome.left === 1 ? 'loginLeftOne' : 'loginLeft', { left: outcome.left }));
    password.setAttribute('aria-invalid', 'true');
  }
});

function complain(head, text) {
  banner.querySelector('h2').textContent = head;
  banner.querySelector('p').textContent = text;
  banner.hidden = false;
  banner.focus();
}
