// Is there a known outage at this postcode? And the reports: crews in a component of their own, the form in a frame of its own.

import { problems, tell } from './forms.js';
import './crews.js';
import { drawReports } from './reports.js';
import { say } from './texts.js';

const form = document.querySelector('#outage-check');
const answer = document.querySelector('#outage-answer');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  answer.textContent = '';
  if (!tell(form, problems(form))) return;
  const bare = form.elements.postcode.value.replace(/\s/g, '').toUpperCase();
  const postcode = `${bare.slice(0, 4)} ${bare.slice(4)}`;
  const known = form.dataset.areas.split(' ').includes(bare.slice(0, 4));
  answer.textContent = say(known ? 'outageYes' : 'outageNo', { postcode });
});

drawReports(document.querySelector('#reports'));
