/** A piece of a recording as the frames in it. Pure; trusts nothing of what it reads. */
import { Class, Direction, Flag, open, read, Type } from '@balie/cobrowse';

export interface Recorded {
  /** Milliseconds since the recording's beginning. */
  at: number;
  bytes: Uint8Array;
  epoch: number;
  /** The pointer: only the newest place counts. */
  droppable: boolean;
  /** The first frame of a picture, from which playing can start. */
  begins: Beginning | null;
  /** That picture is whole. */
  ends: boolean;
}

export interface Beginning {
  /** Without query and hash; '' when the frame does not tell. */
  address: string;
  quirks: boolean;
  /** Of the page as it stands, within its epoch, rather than the beginning of one. */
  isPortrait: boolean;
}

/** The bytes are not what the desk stored. */
export class DamagedError extends Error {
  override name = 'DamagedError';
}

/** Milliseconds (u32) and length (u32), little-endian. */
const HEAD = 8;

/** In the order they came; frames towards the visitor are left out. Throws DamagedError. */
export function framesOf(piece: Uint8Array): Recorded[] {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  const frames: Recorded[] = [];
  let last = 0;
  for (let from = 0; from < piece.length; ) {
    if (from + HEAD > piece.length) throw new DamagedError('a record without its head');
    const at = view.getUint32(from, true);
    const end = from + HEAD + view.getUint32(from + 4, true);
    if (end > piece.length) throw new DamagedError('a record longer than its piece');
    if (at < last) throw new DamagedError('a record from before the one ahead of it');
    last = at;
    const bytes = piece.subarray(from + HEAD, end);
    from = end;
    const frame = frameOf(at, bytes);
    if (frame) frames.push(frame);
  }
  return frames;
}

function frameOf(at: number, bytes: Uint8Array): Recorded | null {
  let opened;
  try {
    opened = open(bytes);
  } catch (error) {
    throw new DamagedError(error instanceof Error ? error.message : 'no frame');
  }
  const { envelope, watcher, payload } = opened;
  if (envelope.direction !== Direction.toAgent) return null;
  const isPortrait = watcher !== 0 && (envelope.flags & Flag.snapshot) !== 0;
  const isFirst = envelope.class === Class.critical && envelope.seq === 1 && (isPortrait || watcher === 0);
  const begins = isFirst ? { ...beginning(payload, envelope.flags), isPortrait } : null;
  return { at, bytes, epoch: envelope.epoch, droppable: envelope.class === Class.droppable, begins, ends: (envelope.flags & Flag.snapshotEnd) !== 0 };
}

function beginning(payload: Uint8Array, flags: number): Omit<Beginning, 'isPortrait'> {
  if (flags & Flag.deflated || payload[0] !== Type.snapshotBegin) return { address: '', quirks: false };
  try {
    const message = read(payload);
    return message.type === Type.snapshotBegin ? { address: message.address, quirks: message.quirks } : { address: '', quirks: false };
  } catch (error) {
    throw new DamagedError(error instanceof Error ? error.message : 'no beginning');
  }
}
