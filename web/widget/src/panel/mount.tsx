/** The panel's one door: the loader imports this module and calls `mount`. */

import { render } from 'preact';
import type { Mount } from '../shared/bridge';
import { App } from './App';
import { createPanel } from './panel';
import tokens from '@balie/ui/tokens.css?inline';
import css from './panel.css?inline';
import { followKeyboard } from './room';

export const mount: Mount = (shell) =>
  createPanel(shell, (panel) => {
    const { root } = shell;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(tokens + css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    const unfollow = followKeyboard(root);
    const place = document.createElement('div');
    // What is typed here is no shortcut of the page around it.
    for (const type of ['keydown', 'keypress', 'keyup']) place.addEventListener(type, (event) => event.stopPropagation());
    root.append(place);
    render(<App panel={panel} />, place);
    return () => {
      unfollow();
      render(null, place);
      place.remove();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((it) => it !== sheet);
    };
  });
