/** Numbers that may never be seen, wherever they stand: payment cards, citizen service numbers (BSN) and bank accounts (IBAN). */

export const DOTS = '••••';

/** Figures in groups; a number may be some of them, as a card before its security code is. */
const FIGURES = /\d(?:[\s.\-\u00a0]?\d)*/g;
const IBAN = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[\s.\-\u00a0]?[A-Z0-9]){11,30}(?![A-Z0-9])/gi;

/** Luhn's sum, as on the back of every card (ISO/IEC 7812-1). */
export function isCard(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const twice = digit * 2;
    sum += i % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice;
  }
  return digits.length >= 13 && sum % 10 === 0 && /[1-9]/.test(digits);
}

/** The eleven test: 9·a + 8·b + … + 2·h − i divides by 11; nine digits, since the citizen service number came. */
export function isBsn(digits: string): boolean {
  if (digits.length !== 9 || !/[1-9]/.test(digits)) return false;
  let sum = -Number(digits[8]);
  for (let i = 0; i < 8; i++) sum += Number(digits[i]) * (9 - i);
  return sum % 11 === 0;
}

/** ISO 13616: the country and check digits behind, letters as numbers, remainder 1 modulo 97. */
export function isIban(text: string): boolean {
  let rest = 0;
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(sign, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest === 1;
}

function hasDigits(text: string, wanted: number): boolean {
  for (let i = 0, found = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39 && ++found >= wanted) return true;
  }
  return false;
}

/** The stretches of `text` that hold such a number: [from, to) pairs. */
export function forbidden(text: string): [number, number][] {
  if (!hasDigits(text, 9)) return [];
  const found: [number, number][] = [];
  for (const match of text.matchAll(IBAN)) {
    const length = iban(match[0]);
    if (length > 0) found.push([match.index, match.index + length]);
  }
  for (const run of text.matchAll(FIGURES)) {
    const groups = [...run[0].matchAll(/\d+/g)];
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      for (let last = first; last < groups.length && digits.length < 19; last++) {
        digits += groups[last]![0];
        const isOne = digits.length === 9 ? isBsn(digits) : digits.length >= 13 && digits.length <= 19 && isCard(digits);
        if (isOne) found.push([run.index + groups[first]!.index, run.index + groups[last]!.index + groups[last]![0].length]);
      }
    }
  }
  return found;
}

/** How many signs of the candidate an account number takes: words may follow it without a comma between. */
function iban(candidate: string): number {
  const ends = [...candidate.matchAll(/[A-Z0-9]/gi)].map((it) => it.index + 1);
  const signs = candidate.replace(/[^A-Z0-9]/gi, '').toUpperCase();
  // A Dutch one has eighteen signs; of others the longest that ends with a group, which covers too much rather than too little.
  if (signs.startsWith('NL')) return isIban(signs.slice(0, 18)) ? ends[17]! : 0;
  for (let count = signs.length; count >= 15; count--) {
    const endsGroup = count === signs.length || ends[count]! - ends[count - 1]! > 1;
    if (endsGroup && isIban(signs.slice(0, count))) return ends[count - 1]!;
  }
  return 0;
}

export function maskPatterns(text: string): string {
  return cover(text, forbidden(text));
}

/** Dots, always four, in place of the stretches. */
export function cover(text: string, stretches: readonly [number, number][]): string {
  if (stretches.length === 0) return text;
  let out = '';
  let at = 0;
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    if (to <= at) continue;
    if (from >= at) out += text.slice(at, from) + DOTS;
    at = to;
  }
  return out + text.slice(at);
}

/** A name that a site's own style sheets could hold, and no token, number or address. */
export function isPlainName(text: string): boolean {
  return text.length <= 48 && !/\d{5}/.test(text) && !(text.length >= 20 && /\d/.test(text) && /^[A-Za-z0-9_+/=]+$/.test(text)) && !/[@?=&]/.test(text);
}
