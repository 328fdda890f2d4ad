/** The twelve bytes in front of every frame: all that the relay reads. */

import { ProtocolError } from './bytes';

export const VERSION = 1;
export const ENVELOPE_BYTES = 12;
/** The relay cuts a connection that sends more in one frame. */
export const FRAME_LIMIT = 1_048_576;
/** What one frame's payload may hold once inflated. */
export const INFLATED_LIMIT = 4 * FRAME_LIMIT;

/** What may be done with a frame under pressure. */
export const Class = { critical: 0, coalescible: 1, droppable: 2 } as const;
export type Class = (typeof Class)[keyof typeof Class];

export const Direction = { toAgent: 0, toVisitor: 1 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/**
 * `scroll` and `act` name the grant that an agent's frame needs: the relay reads no payload. `addressed`: the number of a watcher's window follows the twelve bytes,
 * in four more. Of a visitor's frame it is who gets it, of an agent's who sent it.
 */
export const Flag = { deflated: 1, snapshot: 2, snapshotEnd: 4, scroll: 8, act: 16, addressed: 32 } as const;
const FLAGS = 63;
const ADDRESS_BYTES = 4;

export interface Envelope {
  class: Class;
  direction: Direction;
  /** Bits of `Flag`. */
  flags: number;
  /** Grows by each page load and each fresh snapshot. */
  epoch: number;
  /** Counts the critical frames of an epoch and direction from 1; other frames repeat the number of the last critical one. A portrait has a count of its own. */
  seq: number;
}

/** `watcher`: 0 is everybody. */
export interface Opened {
  envelope: Envelope;
  watcher: number;
  payload: Uint8Array;
}

export function seal(envelope: Envelope, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(ENVELOPE_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = VERSION;
  frame[1] = envelope.class;
  frame[2] = envelope.direction;
  frame[3] = envelope.flags;
  view.setUint32(4, envelope.epoch);
  view.setUint32(8, envelope.seq);
  frame.set(payload, ENVELOPE_BYTES);
  return frame;
}

/** The same frame for one watcher. */
export function address(frame: Uint8Array, watcher: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(frame.length + ADDRESS_BYTES);
  to.set(frame.subarray(0, ENVELOPE_BYTES));
  to[3]! |= Flag.addressed;
  new DataView(to.buffer).setUint32(ENVELOPE_BYTES, watcher);
  to.set(frame.subarray(ENVELOPE_BYTES), ENVELOPE_BYTES + ADDRESS_BYTES);
  return to;
}

/** Throws ProtocolError: `short_frame`, `long_frame`, `version`, `bad_envelope`. */
export function open(frame: Uint8Array): Opened {
  const isAddressed = (frame[3]! & Flag.addressed) !== 0;
  const start = ENVELOPE_BYTES + (isAddressed ? ADDRESS_BYTES : 0);
  if (frame.length <= start) throw new ProtocolError('short_frame');
  if (frame.length > FRAME_LIMIT) throw new ProtocolError('long_frame');
  const [version, class_, direction, flags] = frame;
  if (version !== VERSION) throw new ProtocolError('version', String(version));
  if (class_! > 2 || direction! > 1 || flags! > FLAGS) throw new ProtocolError('bad_envelope');
  const view = new DataView(frame.buffer, frame.byteOffset);
  const envelope = {
    class: class_ as Class,
    direction: direction as Direction,
    flags: flags! & ~Flag.addressed,
    epoch: view.getUint32(4),
    seq: view.getUint32(8),
  };
  return { envelope, watcher: isAddressed ? view.getUint32(ENVELOPE_BYTES) : 0, payload: frame.subarray(start) };
}
