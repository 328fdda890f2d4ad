/** The string table of an epoch: a short text travels once, then as a number. Only critical frames may use it: they all arrive, in order. */

import { ProtocolError, type Reader, type Writer } from './bytes';

const ENTRIES = 32_768;
const LONGEST = 48;
const PLAIN = 0;
const KEPT = 1;
const FIRST = 2;

export class StringsOut {
  /** Nothing is added meanwhile. */
  fixed = false;
  private readonly numbers = new Map<string, number>();

  /** In the order of their numbers. */
  get all(): string[] {
    return [...this.numbers.keys()];
  }

  write(to: Writer, text: string): void {
    const known = this.numbers.get(text);
    if (known !== undefined) return to.number(known + FIRST);
    const keep = !this.fixed && text.length <= LONGEST && this.numbers.size < ENTRIES;
    if (keep) this.numbers.set(text, this.numbers.size);
    to.number(keep ? KEPT : PLAIN);
    to.text(text);
  }
}

export class StringsIn {
  private readonly texts: string[] = [];

  read(from: Reader): string {
    const code = from.number();
    if (code >= FIRST) {
      const known = this.texts[code - FIRST];
      if (known === undefined) throw new ProtocolError('unknown_string');
      return known;
    }
    const text = from.text();
    if (code === KEPT) this.keep(text);
    return text;
  }

  keep(text: string): void {
    if (this.texts.length >= ENTRIES || text.length > LONGEST) throw new ProtocolError('string_table_full');
    this.texts.push(text);
  }
}
