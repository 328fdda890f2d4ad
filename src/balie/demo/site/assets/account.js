// "My account": tabs are addresses of their own, switched without loading a page. Signed out? To the log-in.

import { finish, problems, tell } from './forms.js';
import { isSignedIn, signOut } from './session.js';

const account = document.querySelector('#account');
const tabs = [...document.querySelectorAll('.tabs a')];
const panels = [...document.querySelectorAll('[data-panel]')];
const title = document.title;

if (!isSignedIn()) {
  location.replace(account.dataset.login);
} else {
  account.hidden = false;
  show(location.pathname);
}

for (const tab of tabs) {
  tab.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (tab.pathname !== location.pathname) history.pushState(null, '', tab.pathname);
    show(tab.pathname);
  });
}
window.addEventListener('popstate', () => show(location.pathname));

document.querySelector('[data-sign-out]').addEventListener('click', () => {
  signOut();
  location.assign(account.dataset.login);
});

const details = document.querySelector('#details');
details.addEventListener('submit', (event) => {
  event.preventDefault();
  if (tell(details, problems(details))) finish(details, document.querySelector('#details-done'));
});

function show(path) {
  const current = tabs.find((tab) => tab.pathname === path) ?? tabs[0];
  for (const tab of tabs) {
    if (tab === current) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  for (const panel of panels) panel.hidden = panel.dataset.panel !== current.dataset.tab;
  document.title = `${current.textContent} – ${title}`;
  document.querySelector('[data-language]').href = current.dataset.translation;
}
