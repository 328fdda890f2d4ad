/** Deflate of large payloads by the browser's own streams. */

import { ProtocolError } from './bytes';
import { INFLATED_LIMIT } from './envelope';

/** Below this, deflating costs more time than the bytes are worth. */
export const SQUEEZE_FROM = 1024;

/** The stream takes the bytes as they are: a Blob around them would cost more than the deflating. */
function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  // What goes wrong shows at the reader.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  return stream.readable.getReader();
}

export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return together(through(bytes, new CompressionStream('deflate-raw')), Infinity);
}

/** Throws ProtocolError `bomb` or `bad_deflate`. Stops reading at the limit. */
export function inflate(bytes: Uint8Array, limit = INFLATED_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  return together(through(bytes.slice(), new DecompressionStream('deflate-raw')), limit);
}

async function together(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ProtocolError('bad_deflate');
    });
    if (done) break;
    total += value.length;
    if (total > limit) {
      void reader.cancel();
      throw new ProtocolError('bomb');
    }
    parts.push(value);
  }
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
