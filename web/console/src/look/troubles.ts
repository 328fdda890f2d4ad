/** What goes wrong on the visitor's page, as far as it is told: kinds and numbers. Pure. */
import { type Fault, type FromVisitor, type TroubleKind, Type } from '@balie/cobrowse';

export interface Trouble {
  kind: TroubleKind;
  /** Of this kind since the page began; of a form the fields that are not right now. */
  count: number;
  /** The field in the copy; 0 when it is not told. */
  id: number;
  fault: Fault;
  /** Words of the visitor's page or browser; never markup. */
  text: string;
}

export interface Troubles {
  latest: Trouble | null;
  counts: Readonly<Record<TroubleKind, number>>;
  /** Grows with each word. */
  n: number;
}

export const NO_TROUBLES: Troubles = { latest: null, counts: { form: 0, script: 0, request: 0 }, n: 0 };

/** `address`: of the page as it was before this message. */
export function troublesAfter(troubles: Troubles, message: FromVisitor, address: string): Troubles {
  if (message.type === Type.snapshotBegin || (message.type === Type.page && message.address !== address)) return NO_TROUBLES;
  if (message.type !== Type.trouble) return troubles;
  const { kind, id, fault, text } = message;
  const count = kind === 'form' ? message.count : troubles.counts[kind] + message.count;
  return { latest: { kind, count, id, fault, text }, counts: { ...troubles.counts, [kind]: count }, n: troubles.n + 1 };
}

export const howMany = ({ counts }: Troubles): number => counts.form + counts.script + counts.request;
