/** Bytes in and out: variable-length numbers and UTF-8 text. Reading trusts nothing. */

/** A frame that is not ours, or not whole. `code` is stable. */
export class ProtocolError extends Error {
  readonly code: string;

  constructor(code: string, detail = '') {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** Lengths below this take one byte. */
const SHORT = 128;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Writer {
  private room = new Uint8Array(256);
  private used = 0;

  get length(): number {
    return this.used;
  }

  byte(value: number): void {
    this.grow(1);
    this.room[this.used++] = value;
  }

  /** A whole number from 0 to 2³² − 1, seven bits a byte, lowest first. */
  number(value: number): void {
    this.grow(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.room[this.used++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.room[this.used++] = rest;
  }

  /** A whole number of either sign; small ones stay short. */
  signed(value: number): void {
    const whole = Math.round(value) | 0;
    this.number((whole << 1) ^ (whole >> 31));
  }

  text(value: string): void {
    if (value.length < SHORT && this.ascii(value)) return;
    this.bytes(encoder.encode(value));
  }

  bytes(value: Uint8Array): void {
    this.number(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.grow(value.length);
    this.room.set(value, this.used);
    this.used += value.length;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.room.slice(0, this.used);
  }

  /** Short texts without other signs go in by hand, which is quicker than an encoder. */
  private ascii(value: string): boolean {
    this.grow(value.length + 1);
    const { room, used } = this;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      room[used + 1 + i] = code;
    }
    room[used] = value.length;
    this.used += value.length + 1;
    return true;
  }

  private grow(by: number): void {
    if (this.used + by <= this.room.length) return;
    const larger = new Uint8Array(Math.max(this.room.length * 2, this.used + by));
    larger.set(this.room.subarray(0, this.used));
    this.room = larger;
  }
}

export class Reader {
  private at = 0;
  private readonly from: Uint8Array;

  constructor(from: Uint8Array) {
    this.from = from;
  }

  get done(): boolean {
    return this.at >= this.from.length;
  }

  byte(): number {
    const value = this.from[this.at++];
    if (value === undefined) throw new ProtocolError('truncated');
    return value;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const next = this.byte();
      if (shift === 28 && next > 0x0f) throw new ProtocolError('number_too_large');
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
    throw new ProtocolError('number_too_large');
  }

  signed(): number {
    const value = this.number();
    return (value >>> 1) ^ -(value & 1);
  }

  text(): string {
    try {
      return decoder.decode(this.bytes());
    } catch (error) {
      throw error instanceof ProtocolError ? error : new ProtocolError('bad_text');
    }
  }

  bytes(): Uint8Array {
    const length = this.number();
    if (length > this.from.length - this.at) throw new ProtocolError('truncated');
    const value = this.from.subarray(this.at, this.at + length);
    this.at += length;
    return value;
  }
}
