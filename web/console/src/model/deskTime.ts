/** The desk's clock as seen from here: what runs out there shall not seem to run out sooner or later on a machine that is set wrong. */
import { signal } from '@preact/signals';
import { onFact } from './desk';

/** Ours minus theirs, in ms; with the quickest fact's delay in it. */
const skew = signal(0);
let known = false;

/** This moment of ours on the desk's clock. */
export function deskTime(at: number): number {
  return at - skew.value;
}

/** Each fact tells when it happened; the one that came quickest tells best. */
export function keepDeskTime(): void {
  onFact(({ at }) => learn(at, Date.now()));
}

export function learn(told: number, at: number): void {
  if (known && at - told >= skew.peek()) return;
  known = true;
  skew.value = at - told;
}
