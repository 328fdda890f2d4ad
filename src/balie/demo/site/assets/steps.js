// A form in steps: one part at a time, the browser's back button goes a step back, a recap at the end.

import { finish, problems, reference, tell } from './forms.js';
import { day, euros, say } from './texts.js';

const form = document.querySelector('form[data-steps]');
const done = document.querySelector('#done');
const parts = [...form.querySelectorAll('.step')];
const marks = [...document.querySelectorAll('.steps li')];
const title = document.title;
let at = 0;

show(0);
history.replaceState({ step: 0 }, '');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!tell(form, problems(parts[at]))) return;
  if (at < parts.length - 1) {
    history.pushState({ step: at + 1 }, '', `?${form.dataset.steps}=${at + 2}`);
    show(at + 1, true);
  } else {
    done.querySelector('[data-reference]').textContent = reference(form.dataset.reference);
    for (const slot of done.querySelectorAll('[data-from]')) slot.textContent = form.elements[slot.dataset.from].value;
    document.querySelector('.steps').hidden = true;
    finish(form, done);
  }
});
form.addEventListener('click', (event) => {
  if (event.target.closest('[data-back]')) history.back();
});
form.addEventListener('change', arrange);
window.addEventListener('popstate', (event) => show(event.state?.step ?? 0, true));

function show(step, move = false) {
  at = step;
  parts.forEach((part, index) => { part.hidden = index !== at; });
  marks.forEach((mark, index) => {
    mark.classList.toggle('done', index < at);
    if (index === at) mark.setAttribute('aria-current', 'step');
    else mark.removeAttribute('aria-current');
  });
  document.title = at ? `${say('stepOf', { at: at + 1, of: parts.length })} – ${title}` : title;
  arrange();
  recap();
  if (!move) return;
  const first = parts[at].querySelector('legend');
  first.tabIndex = -1;
  first.focus();
  first.scrollIntoView({ block: 'center' });
}

/** Parts with data-when="name=value" are there only while that choice is made. */
function arrange() {
  for (const part of form.querySelectorAll('[data-when]')) {
    const [name, value] = part.dataset.when.split('=');
    part.hidden = form.elements[name].value !== value;
    for (const input of part.querySelectorAll('input, select')) input.disabled = part.hidden;
  }
  const total = document.querySelector('[data-monthly]');
  const chosen = form.querySelector('[data-cents]:checked');
  if (total && chosen) {
    total.textContent = euros(Number(chosen.dataset.cents));
    document.querySelector('[data-chosen]').textContent = chosen.closest('label').querySelector('span').textContent;
  }
}

function recap() {
  for (const slot of form.querySelectorAll('[data-recap]')) {
    const words = slot.dataset.recap.split(' ').map((name) => written(form.elements[name]));
    slot.textContent = words.filter(Boolean).join(' ') || '–';
  }
}

function written(input) {
  if (!input.value) return '';
  if (input.type === 'date') return day(new Date(`${input.value}T12:00`));
  if (input.tagName === 'SELECT') return input.selectedOptions[0].textContent;
  return input.value.trim();
}
