/** The door of what asks for consent and stays in sight: the panel imports this module and calls `mount`. */

import type { MountLook } from '../shared/look-bridge';
import css from './look.css?inline';
import { createLooking } from './looking';

export const mount: MountLook = (shell) => {
  const { root } = shell;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const handle = createLooking(shell);
  return {
    ...handle,
    leave() {
      handle.leave();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((it) => it !== sheet);
    },
  };
};
