// On every page: the menu, the buttons that open the chat, and the way to "my account" once signed in.

import { isSignedIn } from './session.js';

document.documentElement.classList.add('scripted');

// Calls made before the chat has loaded wait in this queue.
window.Balie = window.Balie || function () {
  (window.Balie.q = window.Balie.q || []).push(arguments);
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-chat]');
  if (!button) return;
  if (button.dataset.chat) window.Balie('showNewMessage', button.dataset.chat);
  else window.Balie('show');
});

const opener = document.querySelector('.menu-button');
const menu = document.querySelector('#menu');
if (opener && menu) {
  const toggle = (open) => {
    menu.classList.toggle('open', open);
    opener.setAttribute('aria-expanded', String(open));
  };
  opener.addEventListener('click', () => toggle(!menu.classList.contains('open')));
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    toggle(false);
    opener.focus();
  });
}

if (isSignedIn()) {
  for (const link of document.querySelectorAll('[data-account-link]')) link.href = link.dataset.accountLink;
}
