/** A look that comes in from a sister site: asked about here, in this site's own name, before anything of it goes on. */

import type { Actor, Look } from '@balie/protocol';
import type { LookShell } from '../shared/look-bridge';
import { askCrossing } from './dialogs';
import { CROSSING_TEXT, type Say } from './texts';

const ASK_MS = 60_000;

interface Arrival {
  confirm: string;
  agent: Actor | null;
}

interface GoesOn {
  token: string | null;
  look: Look;
}

/** Whether the look goes on: `agreed` once the visitor said yes and is known in this tab. Throws when there is nothing to go on with. */
export async function arrive(shell: LookShell, word: string, say: Say, agreed: (look: Look) => void): Promise<boolean> {
  const { root, call, options, tab } = shell;
  // A word that came by mail or from a stranger's page has no such page behind it.
  const from = document.referrer && new URL(document.referrer).origin;
  const { confirm, agent } = await call<Arrival>('hand-overs', 'POST', { inbox: options.inbox, token: word, from });
  const told = (accept: boolean) =>
    call<GoesOn>('hand-overs/answer', 'POST', {
      confirm, accept, tab, language: options.language, consentText: CROSSING_TEXT, address: location.origin + location.pathname,
    });
  const accept = await new Promise<boolean>((answer) => {
    const question = askCrossing(root, location.host, new URL(from).host, {
      say,
      name: agent?.name || say('someone'),
      until: Date.now() + ASK_MS,
      answered: (yes) => {
        question.close();
        answer(yes);
      },
      over: () => answer(false),
    });
  });
  const { token, look } = await told(accept);
  if (!token) return false;
  shell.lend(token);
  agreed(look);
  return true;
}
