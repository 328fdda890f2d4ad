// What a field may hold, by the name in data-rule: a rule answers with a sentence when the value is wrong.

import { say } from './texts.js';

const RULES = {
  email: (value) => !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value) && say('email'),
  postcode: (value) => !/^[1-9]\d{3}\s?[a-z]{2}$/i.test(value) && say('postcode'),
  house: (value) => !/^\d{1,5}\s?[-\w]{0,5}$/.test(value) && say('house'),
  phone: (value) => !/^(\+31|0031|0)[1-9]\d{8}$/.test(value.replace(/[\s()-]/g, '')) && say('phone'),
  iban: (value) => {
    const bare = value.replace(/\s/g, '').toUpperCase();
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(bare)) return say('ibanShape');
    return ibanRest(bare) !== 1 && say('ibanSum');
  },
  card: (value) => {
    const bare = value.replace(/\s/g, '');
    return !(/^\d{16}$/.test(bare) && luhn(bare)) && say('card');
  },
  expiry: (value) => {
    const found = /^(0[1-9]|1[0-2])\s?\/\s?(\d{2})$/.exec(value);
    if (!found) return say('expiry');
    return new Date(2000 + Number(found[2]), Number(found[1]), 1) <= new Date() && say('expired');
  },
  cvc: (value) => !/^\d{3}$/.test(value) && say('cvc'),
  soon: (value) => {
    const today = new Date();
    if (value < isoDay(today)) return say('datePast');
    return value > isoDay(new Date(today.getTime() + 92 * 86_400_000)) && say('dateFar');
  },
  'after-keys': (value, input) => {
    const keys = input.form.elements.keys?.value;
    return (RULES.soon(value) || (keys && value < keys && say('keysOrder')));
  },
};

/** The sentence for what is wrong with this field, or an empty string. */
export function problem(input) {
  const value = input.value.trim();
  const label = input.dataset.label;
  if (input.type === 'checkbox') return input.required && !input.checked ? say('agree') : '';
  if (input.type === 'radio') {
    const group = input.form.elements[input.name];
    return input.required && !group.value ? say('choose', { label }) : '';
  }
  if (!value) return input.required ? say(input.tagName === 'SELECT' ? 'choose' : 'required', { label }) : '';
  const rule = RULES[input.dataset.rule];
  return (rule && rule(value, input)) || '';
}

// ISO 13616: move the first four characters to the end, letters count from A = 10, the rest by 97 must be 1.
function ibanRest(bare) {
  const digits = (bare.slice(4) + bare.slice(0, 4)).replace(/[A-Z]/g, (letter) => letter.charCodeAt(0) - 55);
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

function luhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const twice = at % 2 ? Number(digit) * 2 : Number(digit);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

function isoDay(date) {
  const pad = (part) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
