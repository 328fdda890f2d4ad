/** Six digits for an agent on the telephone. */

import { X } from 'lucide';
import { button, drawIcon, make } from './dom';
import { closeBox, openBox } from './dialogs';
import type { Say } from './texts';

export interface CodeBox {
  /** `until` by the browser's own clock. */
  show(code: string, until: number): void;
  failed(text: string): void;
  close(): void;
}

interface Wishes {
  say: Say;
  language: string;
  again: () => void;
  cancel: () => void;
}

export function openCode(root: ShadowRoot, { say, language, again, cancel }: Wishes): CodeBox {
  const heading = make('h2', '', say('codeTitle'));
  heading.id = 'look-title';
  const digits = make('p', 'look-code');
  const left = make('p', 'look-left', say('codeBusy'));
  const spoken = make('p', 'sr');
  spoken.setAttribute('role', 'status');
  const more = button('look-button look-yes', say('codeAgain'), again);
  more.hidden = true;
  let timer: ReturnType<typeof setInterval> | undefined;
  let closed = false;
  const leave = () => {
    if (!closed) cancel();
  };
  const corner = button('look-button look-corner', '', leave);
  corner.ariaLabel = say('codeStop');
  corner.replaceChildren(drawIcon(X));
  const box = openBox(root, leave, [
    make('div', 'look-head', heading, corner),
    make('p', '', say('codeLead')),
    digits,
    left,
    spoken,
    make('div', 'look-choice', more, button('look-button look-no', say('codeStop'), leave)),
  ]);
  box.classList.add('look-code-box');

  function over(text: string): void {
    clearInterval(timer);
    digits.replaceChildren();
    left.textContent = text;
    spoken.textContent = text;
    more.hidden = false;
  }

  return {
    show(code, until) {
      clearInterval(timer);
      more.hidden = true;
      const shown = make('span', '', ...[code.slice(0, 3), code.slice(3)].map((it) => make('span', 'look-half', it)));
      shown.ariaHidden = 'true';
      // Digit by digit: "six hundred thousand" helps nobody on the telephone.
      const name = say('codeName', { digits: code.split('').join(' ') });
      digits.replaceChildren(shown, make('span', 'sr', name));
      spoken.textContent = name;
      const at = new Date(until).toLocaleTimeString(language === 'nl' ? 'nl-NL' : 'en-GB', { hour: '2-digit', minute: '2-digit' });
      const tick = () => {
        const s = Math.ceil((until - Date.now()) / 1000);
        if (s <= 0) return over(say('codeOver'));
        left.textContent = say('codeLeft', { at, left: `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}` });
      };
      timer = setInterval(tick, 1_000);
      tick();
    },
    failed: over,
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      closeBox(root, box);
    },
  };
}
