// Meter readings: which meters there are, and sentences that say exactly what is wrong with a reading.

import { finish, problems, reference, tell } from './forms.js';
import { count, day, say } from './texts.js';

const form = document.querySelector('#readings');
const done = document.querySelector('#readings-done');

form.addEventListener('change', (event) => {
  if (event.target.name === 'meter') arrange();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  for (const sure of form.querySelectorAll('[data-sure]')) {
    if (!sure.querySelector('input').checked) sure.hidden = true;
  }
  if (tell(form, problems(form, judge))) confirm();
});
arrange();

/** Only the fields of the chosen meter can be filled in and sent. */
function arrange() {
  const meter = form.elements.meter.value;
  for (const part of form.querySelectorAll('[data-meters]')) {
    part.hidden = !part.dataset.meters.split(' ').includes(meter);
    for (const input of part.querySelectorAll('input')) input.disabled = part.hidden;
  }
  document.querySelector('#dial-help').hidden = meter === 'smart';
}

function judge(input) {
  if (input.dataset.previous === undefined) return '';
  const value = input.value.trim().replace(/\s/g, '');
  if (/^\d+[.,]\d{1,2}$|,\d+$/.test(value)) return say('decimals');
  const digits = value.replace(/\.(?=\d{3}\b)/g, '');
  if (!/^\d+$/.test(digits)) return say('number', { value: input.value.trim() });
  const most = Number(input.dataset.digits);
  if (digits.length > most) return say('digits', { most, count: digits.length });
  const previous = Number(input.dataset.previous);
  const more = Number(digits) - previous;
  if (more < 0) {
    if (swapped()) return say('swapped');
    return say('tooLow', { previous: count(previous), date: day(new Date(form.dataset.previousDate)) });
  }
  if (more > Number(input.dataset.expected) * 2.5 && !(input.name === 'low' && swapped())) {
    const sure = form.querySelector(`[data-sure="${input.name}"]`);
    const ticked = sure.querySelector('input').checked;
    sure.hidden = false;
    if (!ticked) return say('tooHigh', { more: `${count(more)} ${input.dataset.unit}` });
  }
  return '';
}

/** With two readings: would both be fine the other way round? */
function swapped() {
  const { low, normal } = form.elements;
  if (low.disabled) return false;
  const fits = (value, field) => Number(value.replace(/\D/g, '')) >= Number(field.dataset.previous);
  return !fits(normal.value, normal) && fits(normal.value, low) && fits(low.value, normal);
}

function confirm() {
  done.querySelector('[data-reference]').textContent = reference('MS');
  const list = done.querySelector('dl');
  list.replaceChildren();
  for (const input of form.querySelectorAll('input[data-previous]:not(:disabled)')) {
    const digits = Number(input.value.replace(/\D/g, ''));
    const used = digits - Number(input.dataset.previous);
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const text = document.createElement('dd');
    term.textContent = input.dataset.name;
    text.textContent = `${count(digits)} (+${count(used)} ${input.dataset.unit})`;
    row.append(term, text);
    list.append(row);
  }
  finish(form, done);
}
