/** Deflate of large payloads by the browser's own streams. */

import { ProtocolError } from './bytes';
import { INFLATED_LIMIT } from './envelope';

/** Below this, deflating costs more time than the bytes are worth. */
export const SQUEEZE_FROM = 1024;

export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Throws ProtocolError `bomb` or `bad_deflate`. Stops reading at the limit. */
export async function inflate(bytes: Uint8Array, limit = INFLATED_LIMIT): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
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
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
