/** What the console and the viewer's frame tell each other over their port. Places are CSS pixels in the viewer's window. */

import type { FromAgent, FromVisitor } from '../protocol';

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `part`: anything else that can be pointed out. */
export type TargetKind = 'button' | 'link' | 'text' | 'select' | 'check' | 'part';

/** A node of the copy as an agent can mean it. */
export interface Target {
  id: number;
  /** The epoch and the last frame of it that the agent saw when this stood so. */
  epoch: number;
  seen: number;
  kind: TargetKind;
  /** What a person would call it; at most 60 characters of the visitor's page, so never markup. */
  label: string;
  place: Place;
  /** Of a select. */
  options: readonly { label: string; disabled: boolean }[];
  chosen: number;
}

export type ToViewer =
  | { t: 'frame'; frame: ArrayBuffer }
  | { t: 'say'; message: FromAgent }
  /** What stands here? `act`: the button around a word, rather than the word. Answered by `probed` with the same `n`. */
  | { t: 'probe'; n: number; x: number; y: number; act: boolean }
  /** The next (1) or previous (-1) thing after `from` that an agent may mean, scrolled into sight. Answered by `probed`. */
  | { t: 'step'; n: number; from: number; by: 1 | -1; act: boolean }
  /** Tell where these nodes stand, now and whenever it changes. */
  | { t: 'track'; ids: readonly number[] }
  /** Answered by `settled` with the same `n` once every frame before it has been played. */
  | { t: 'settle'; n: number }
  | { t: 'wheel'; x: number; y: number; dx: number; dy: number }
  /** Frames may have been lost: ask the visitor's side for those, or for all of it. */
  | { t: 'mend'; what: 'replay' | 'snapshot' }
  /** Whether the copy scrolls along with the visitor. */
  | { t: 'follow'; on: boolean };

export type ToHost =
  | { t: 'ready' }
  | { t: 'frame'; frame: ArrayBuffer }
  | { t: 'told'; message: FromVisitor }
  | { t: 'notice'; what: 'changing' | 'shown' | 'diverged' | 'refused'; detail: string; epoch: number; seq: number }
  | { t: 'probed'; n: number; target: Target | null }
  | { t: 'settled'; n: number }
  /** `null`: no longer there, or not to be seen. */
  | { t: 'places'; places: readonly (readonly [id: number, place: Place | null])[] }
  /** How far the copy and the visitor's page are scrolled. */
  | { t: 'view'; x: number; y: number; visitorX: number; visitorY: number }
  /** The agent clicked on this node. */
  | { t: 'picked'; id: number; x: number; y: number };
