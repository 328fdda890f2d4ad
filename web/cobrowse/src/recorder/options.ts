/** What a recorder is given. */

import type { Draw, Highlight, Outcome, PointAt, RecorderState } from '../protocol';
import type { Policy } from '../rules';
import type { Grants } from './control';
import type { AssetRoute } from './describe';
import type { Answer } from './proposals';

export interface RecorderOptions {
  policy: Policy;
  /** Larger than that of the page before; the recorder counts on from here. */
  epoch: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Bytes that still wait in the socket. */
  buffered?(): number;
  assets?: AssetRoute;
  /** Whether others already have the style sheet with this hash, so that its text can stay here. */
  knownSheet?(hash: string): boolean;
  /** What the visitor allows right now; without it, nothing. */
  grants?: Grants;
  /** Shows the visitor what is about to be touched; resolves when they had time to see it. */
  flash?(element: Element): Promise<void>;
  /** The agent's pointer, frames around nodes and strokes, for the layer that draws them. */
  guided?(message: PointAt | Highlight | Draw, element: Element | null): void;
  state?(state: RecorderState): void;
  /** The agent's hand did something, or was refused: on what, as the agent was told it. */
  acted?(action: 'click' | 'fill' | 'select' | 'scroll', label: string, outcome: Outcome): void;
  /** An agent, by the number of their window, proposes a page of this site: asks the visitor. Without it nobody is asked. */
  proposed?(url: URL, watcher: number): Promise<Answer>;
  /** A proposed page was answered for, and the agent was told; at `done` the visitor goes there now. */
  visited?(url: URL, outcome: Outcome): void;
  /** How the addresses of our own files and calls begin: what fails there is not the page's trouble. */
  own?: readonly string[];
  /** The recorder cannot go on. The page never hears of it; without this, the browser's console does. */
  failed?: (error: unknown) => void;
}
