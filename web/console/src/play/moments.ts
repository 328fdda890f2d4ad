/** What happened in a recording, to jump to: what the desk's log says, and the pages as they are found. */
import type { RecordingMark } from '@balie/protocol';
import { partsOf } from '../look/page';
import { t } from '../text/index';

export interface Moment {
  at: number;
  /** `page`: another page; `control`: an agent's hand; `pause`; or anything else. */
  kind: 'page' | 'control' | 'pause' | 'other';
  text: string;
}

export interface FoundPage {
  at: number;
  address: string;
}

/** In order; a page that begins anew without being another one is no moment. Pure but for the language. */
export function momentsOf(marks: readonly RecordingMark[], pages: readonly FoundPage[], duration: number): Moment[] {
  const within = (at: number): number => Math.min(duration, Math.max(0, at));
  const inOrder = [...pages].sort((a, b) => a.at - b.at);
  const others = inOrder.filter(({ address }, index) => address !== inOrder[index - 1]?.address);
  return [
    ...others.map(({ at, address }): Moment => ({ at: within(at), kind: 'page', text: t().playing.moments.page(pathOf(address)) })),
    ...marks.map(({ at, kind, label }): Moment => ({ at: within(at), kind: kindOf(kind), text: textOf(kind, label) })),
  ].sort((a, b) => a.at - b.at);
}

function kindOf(kind: string): Moment['kind'] {
  if (kind.startsWith('control_')) return 'control';
  return kind === 'look_paused' || kind === 'look_resumed' ? 'pause' : 'other';
}

function textOf(kind: string, label: string): string {
  const words = t().playing.moments as unknown as Record<string, ((label: string) => string) | undefined>;
  const known = words[kind];
  return typeof known === 'function' ? known(label) : t().playing.moments.other();
}

function pathOf(address: string): string {
  const { host, path } = partsOf(address);
  return path === '/' || path === '' ? host : path;
}
