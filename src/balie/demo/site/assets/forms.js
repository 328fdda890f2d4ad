// Shows what is wrong: a sentence at each field and, when there is more than one, a summary that links to them.

import { problem } from './rules.js';
import { say } from './texts.js';

/** The wrong fields of a form or a step → [{input, text}]. `extra` may judge a field further. */
export function problems(scope, extra = () => '') {
  const seen = new Set();
  const found = [];
  for (const input of scope.querySelectorAll('input, select, textarea')) {
    if (input.disabled || input.closest('[hidden]') || (input.type === 'radio' && seen.has(input.name))) continue;
    seen.add(input.name);
    const text = problem(input) || extra(input);
    if (text) found.push({ input, text });
  }
  return found;
}

/** Puts the sentences on the page and the focus where the visitor can act. Empty list = all clear. */
export function tell(form, found) {
  clear(form);
  for (const { input, text } of found) mark(input, text);
  if (found.length > 1) summarise(form, found);
  else found[0]?.input.focus();
  return found.length === 0;
}

function clear(form) {
  for (const old of form.querySelectorAll('.error, .summary')) old.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    describe(input, `${input.id}-error`, false);
  }
}

function mark(input, text) {
  const field = input.closest('.field') ?? input.parentElement;
  const error = document.createElement('p');
  error.className = 'error';
  error.id = `${input.id}-error`;
  error.textContent = text;
  input.setAttribute('aria-invalid', 'true');
  describe(input, error.id, true);
  const anchor = [...field.children].find((child) => child.contains(input)) ?? input;
  anchor.before(error);
}

function describe(input, id, on) {
  const ids = new Set((input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (on) ids.add(id);
  else ids.delete(id);
  if (ids.size) input.setAttribute('aria-describedby', [...ids].join(' '));
  else input.removeAttribute('aria-describedby');
}

function summarise(form, found) {
  const box = document.createElement('div');
  box.className = 'summary';
  box.tabIndex = -1;
  box.setAttribute('role', 'alert');
  const head = document.createElement('h2');
  head.textContent = say('summary');
  const list = document.createElement('ul');
  for (const { input, text } of found) {
    const link = document.createElement('a');
    link.href = `#${input.id}`;
    link.textContent = text;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      input.focus();
    });
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  box.append(head, list);
  form.prepend(box);
  box.focus();
}

/** Hides the form and shows its confirmation, with the focus on the heading. */
export function finish(form, done) {
  form.hidden = true;
  done.hidden = false;
  const head = done.querySelector('h2');
  head.tabIndex = -1;
  head.focus();
}

/** A reference a visitor can read out on the phone. */
export function reference(prefix) {
  return `${prefix}-${String(crypto.getRandomValues(new Uint32Array(1))[0] % 900_000 + 100_000)}`;
}
