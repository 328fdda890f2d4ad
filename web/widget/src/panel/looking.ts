/** The panel's door to looking along. Its code is loaded when an agent asks, when the visitor does, or when this tab was looked at before. */

import type { Fact, LookEnded } from '@balie/protocol';
import type { Language, Shell } from '../shared/bridge';
import type { LookHandle, MountLook, MountMirror } from '../shared/look-bridge';
import { lookKey } from '../shared/traces';
import type { Talk } from './talk';
import { tabName } from './trail';

export interface Looking {
  /** A fact about a look came in. */
  changed(fact: Fact): void;
  /** The talk is up to date: what happened meanwhile may concern a look. */
  connected(): void;
  /** A look comes in from a sister site: whether the visitor lets it go on. */
  arrive(word: string): Promise<boolean>;
  showCode(): void;
  language(language: Language): void;
  suspend(): void;
  resume(): void;
  /** The visitor leaves this browser to others: ends what runs, and tells the desk while it still knows who this is. */
  signOut(): Promise<void>;
}

export function createLooking({ root, options }: Shell, talk: Talk): Looking {
  let loading: Promise<LookHandle> | undefined;
  let handle: LookHandle | undefined;
  let failures = 0;

  /** The named file, or the plain door to today's when that is gone: a page may stay open longer than a release. */
  const part = async <T>(file: string, door: string): Promise<T> => {
    const load = (name: string) => import(/* @vite-ignore */ `${options.desk}widget/${name}`) as Promise<T>;
    return load(file).catch(() => load(`${door}?${(failures += 1)}`));
  };

  const loadMirror = () => part<{ mount: MountMirror }>(__MIRROR__, 'mirror.js');

  function load(): Promise<LookHandle> {
    loading ??= part<{ mount: MountLook }>(__LOOK__, 'look.js').then(
      ({ mount }) =>
        (handle = mount({
          root,
          options,
          call: talk.call,
          deskName: () => talk.state.value?.desk.name ?? '',
          tab: tabName(),
          lend: talk.lend,
          loadMirror,
        })),
      (reason: unknown) => {
        loading = undefined;
        throw reason;
      },
    );
    return loading;
  }

  const use = (act: (it: LookHandle) => void) => void load().then(act, () => undefined);
  const kept = (): { look?: string; consented?: boolean } | null => {
    try {
      return JSON.parse(sessionStorage.getItem(lookKey(options.inbox)) ?? 'null') as ReturnType<typeof kept>;
    } catch {
      return null;
    }
  };
  /** Whether the log leaves a look open. */
  const open = () =>
    talk.state.value?.conversations.some(({ log }) => /^look_(?!ended|declined)/.test(log.findLast(({ kind }) => kind.startsWith('look_'))?.kind ?? '')) ?? false;

  const before = kept();
  if (before) use(() => undefined);
  // Agreed on an earlier page: both parts come at once.
  if (before?.consented) void loadMirror().catch(() => undefined);
  return {
    changed: (fact) => use((it) => it.changed(reasonOf(fact))),
    connected() {
      if (handle ?? (kept() !== null || open())) use((it) => it.changed());
    },
    arrive: (word) => load().then((it) => it.arrive(word)),
    showCode: () => use((it) => it.showCode()),
    language: (language) => handle?.language(language),
    suspend: () => handle?.suspend(),
    resume: () => handle?.resume(),
    async signOut() {
      const look = kept()?.look ?? handle?.current();
      handle?.leave();
      handle = loading = undefined;
      if (look) await talk.call(`looks/${look}/end`, 'POST', { reason: 'signed_out' }).catch(() => undefined);
    },
  };
}

/** Why a look is over, when this fact tells it. */
function reasonOf(fact: Fact): LookEnded['reason'] | null {
  if (fact.kind === 'look_ended') return fact.body.reason;
  return fact.kind === 'look_declined' && fact.body.reason === 'timeout' ? 'timeout' : null;
}
