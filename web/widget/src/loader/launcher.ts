import { ChevronDown, MessageCircle, type IconNode } from 'lucide';
import type { Options } from '../shared/bridge';
import css from './launcher.css?inline';
import { texts } from './texts';

/** The round button in the corner, drawn without a framework and without markup from strings. */
export interface Launcher {
  root: ShadowRoot;
  host: HTMLElement;
  button: HTMLButtonElement;
  opened(open: boolean): void;
  unread(count: number): void;
  busy(busy: boolean): void;
  notice(text: string): void;
  language(language: Options['language']): void;
  theme(theme: Options['theme']): void;
}

export function drawLauncher(options: Options): Launcher {
  const host = document.createElement('balie-widget');
  host.lang = options.language;
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [styles()];

  const icon = svg(MessageCircle);
  const down = svg(ChevronDown);
  const label = element('span', 'label');
  label.textContent = options.label;
  const badge = element('span', 'badge');
  badge.ariaHidden = 'true';

  const button = element('button', `launcher ${options.position}`);
  button.type = 'button';
  button.hidden = !options.launcher;
  button.setAttribute('aria-haspopup', 'dialog');
  button.append(icon, down, label, badge);

  const notice = element('p', `notice ${options.position}`);
  notice.setAttribute('role', 'status');

  const region = element('section', '');
  region.append(button, notice);
  root.append(region);

  let language = options.language;
  let open = false;
  let count = 0;
  const draw = () => {
    const say = texts[language];
    host.lang = language;
    region.ariaLabel = say.chat;
    icon.toggleAttribute('hidden', open);
    down.toggleAttribute('hidden', !open);
    label.hidden = open || !options.label;
    badge.hidden = open || count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    button.ariaExpanded = String(open);
    const name = open ? say.close : options.label || say.open;
    button.ariaLabel = open || count === 0 ? name : `${name}, ${say.unread(count)}`;
  };
  const theme = (now: Options['theme']) => (now === 'auto' ? delete host.dataset['theme'] : (host.dataset['theme'] = now));
  theme(options.theme);
  draw();
  document.documentElement.append(host);

  return {
    root,
    host,
    button,
    opened: (now) => ((open = now), draw()),
    unread: (n) => ((count = n), draw()),
    busy: (busy) => (button.ariaBusy = String(busy)),
    notice: (text) => (notice.textContent = text),
    language: (now) => ((language = now), draw()),
    theme,
  };
}

/** The page's own font is taken over unless it is the browser's bare default, which means the page never chose one. */
function styles(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const font = getComputedStyle(document.body).fontFamily;
  if (font && !/^["']?(times|serif)/i.test(font)) {
    (sheet.cssRules[0] as CSSStyleRule).style.setProperty('--page-font', font);
  }
  return sheet;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function svg(icon: IconNode): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const made = document.createElementNS(space, 'svg');
  made.setAttribute('viewBox', '0 0 24 24');
  made.ariaHidden = 'true';
  for (const [tag, attributes] of icon) {
    const part = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, String(value));
    made.append(part);
  }
  return made;
}
