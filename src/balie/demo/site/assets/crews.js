// A component with a shadow tree: how many engineers are at work, by place.

import { say } from './texts.js';

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; margin-top: 16px; }
  ul { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; }
  li { display: flex; align-items: center; gap: 12px; padding: 12px 16px; border-radius: 12px; background: var(--mint); }
  b { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: var(--green); color: #fff; }
`);

class Crews extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    const list = document.createElement('ul');
    for (const [place, count] of Object.entries(this.dataset)) {
      const item = document.createElement('li');
      const badge = document.createElement('b');
      badge.textContent = count;
      const name = place[0].toUpperCase() + place.slice(1);
      item.append(badge, say(count === '1' ? 'crewsOne' : 'crews', { count, place: name }));
      list.append(item);
    }
    root.append(list);
  }
}
customElements.define('kwelder-crews', Crews);
