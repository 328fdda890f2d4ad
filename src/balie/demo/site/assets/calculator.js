// Works out a monthly amount from the tariffs that the server wrote into the form.

import { count, euros } from './texts.js';

// Yearly use of a Dutch household: kWh by number of people, m³ by kind of home.
const POWER = { 1: 1650, 2: 2380, 3: 2990, 4: 3520, 5: 3980 };
const GAS = { flat: 720, terraced: 1050, corner: 1230, detached: 1870, none: 0 };

for (const form of document.querySelectorAll('form[data-tariffs]')) {
  const { tariffs, gridPower, gridGas, creditYear } = JSON.parse(form.dataset.tariffs);
  const field = form.elements;

  const estimate = () => {
    if (field.kwh) field.kwh.value = POWER[field.people.value];
    if (field.gas) field.gas.value = GAS[field.home.value];
  };

  const work = () => {
    const kwh = field.kwh ? whole(field.kwh.value) : POWER[field.people.value];
    const gas = field.gas ? whole(field.gas.value) : GAS[field.home.value];
    const tariff = tariffs[field.tariff?.value ?? 'fixed1'];
    const yearly =
      (kwh * tariff.power + gas * tariff.gas) / 1000 +
      12 * (tariff.standing + gridPower) + (gas ? 12 * (tariff.standing + gridGas) : 0) - creditYear;
    form.querySelector('output').textContent = euros(yearly / 12);
    const used = form.querySelector('[data-used]');
    if (used) used.textContent = gas ? `${count(kwh)} kWh · ${count(gas)} m³` : `${count(kwh)} kWh`;
  };

  form.addEventListener('submit', (event) => {
    if (form.dataset.stay === undefined) return;
    event.preventDefault();
    work();
  });
  form.addEventListener('input', (event) => {
    if (event.target.name === 'people' || event.target.name === 'home') estimate();
    work();
  });
  estimate();
  work();
}

function whole(text) {
  return Math.min(Math.max(Math.round(Number(text.replace(/\D/g, ''))) || 0, 0), 99_999);
}
