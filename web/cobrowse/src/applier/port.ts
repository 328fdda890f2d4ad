/** What the console and the viewer's frame tell each other over their port. */

import type { FromAgent, FromVisitor } from '../protocol';

export type ToViewer = { t: 'frame'; frame: ArrayBuffer } | { t: 'say'; message: FromAgent };

export type ToHost =
  | { t: 'ready' }
  | { t: 'frame'; frame: ArrayBuffer }
  | { t: 'told'; message: FromVisitor }
  | { t: 'notice'; what: 'changing' | 'shown' | 'diverged' | 'refused'; detail: string; epoch: number; seq: number }
  /** The agent clicked on this node. */
  | { t: 'picked'; id: number; x: number; y: number };
