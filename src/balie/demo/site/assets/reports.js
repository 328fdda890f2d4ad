// A frame of the same site, as older parts of many sites are: a small form in a document of its own.

import { language, say } from './texts.js';

const REPORTS = 38;

export function drawReports(place) {
  const frame = document.createElement('iframe');
  frame.className = 'reports-frame';
  frame.title = place.dataset.title;
  place.append(frame);
  const inside = frame.contentDocument;
  inside.documentElement.lang = language;
  for (const name of ['base', 'parts', 'forms', 'pages']) {
    const link = inside.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`${name}.css`, import.meta.url).href;
    inside.head.append(link);
  }
  inside.body.className = 'reports-page';
  inside.body.append(form(inside));
}

function form(inside) {
  const made = inside.createElement('form');
  made.className = 'form';
  const field = inside.createElement('div');
  field.className = 'field';
  const label = inside.createElement('label');
  label.htmlFor = 'what';
  label.textContent = say('report');
  const select = inside.createElement('select');
  select.id = 'what';
  select.className = 'input';
  for (const key of ['reportDark', 'reportFlicker', 'reportBack']) select.append(new Option(say(key), key));
  field.append(label, select);
  const button = inside.createElement('button');
  button.className = 'button small';
  button.textContent = say('reportSend');
  const thanks = inside.createElement('p');
  thanks.setAttribute('aria-live', 'polite');
  made.append(field, button, thanks);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    thanks.textContent = say('reportThanks', { count: REPORTS + 1 });
  });
  return made;
}
