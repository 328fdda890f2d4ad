/** What an agent does with a look: ask, join, stop. The desk decides; a refusal is told in plain words. */
import { looks as api, recordings, type ControlKind } from '../api/looks';
import { codeOf, statusOf } from '../api/http';
import { announce, notify } from '../model/announce';
import { openConversation } from '../model/route';
import { t } from '../text/index';
import { putLook, wantLook } from './looks';

export async function invite(conversation: string): Promise<void> {
  await tried(t().looking.invite, async () => {
    putLook(await api.invite(conversation));
    announce(t().looking.strip.invitedShort);
  });
  void wantLook(conversation);
}

/** Throws what the desk said, for the form that asked. */
export async function joinByCode(code: string): Promise<void> {
  const look = await api.join(code);
  putLook(look);
  if (look.conversation) {
    openConversation(look.conversation);
    void wantLook(look.conversation);
  }
}

export async function joinFound(code: string): Promise<void> {
  await tried(t().looking.code.submit, () => joinByCode(code));
}

export async function stop(look: string): Promise<void> {
  await tried(t().looking.stop, async () => putLook(await api.end(look)));
}

export async function askControl(look: string, kind: ControlKind): Promise<void> {
  await tried(t().looking.control.ask[kind], async () => putLook(await api.askControl(look, kind)));
}

export async function giveBack(look: string): Promise<void> {
  await tried(t().looking.control.giveBack, async () => putLook(await api.giveBack(look)));
}

export async function askRecording(look: string): Promise<void> {
  await tried(t().playing.ask, async () => putLook(await recordings.ask(look)));
}

/** Also takes the question back. */
export async function stopRecording(look: string): Promise<void> {
  await tried(t().playing.stop, async () => putLook(await recordings.stop(look)));
}

async function tried(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (statusOf(error) === 401) return;
    notify(whyText(error) ?? t().act.failed(what), null, 'bad');
  }
}

/** The desk's reason in the language of the screen, when it is one that we know. */
export function whyText(error: unknown): string | null {
  const known: Record<string, string | undefined> = { ...t().looking.errors, ...t().playing.errors };
  return known[codeOf(error)] ?? (statusOf(error) === 403 ? t().settings.forbidden : statusOf(error) === 429 ? t().looking.errors.too_many_tries : null);
}
