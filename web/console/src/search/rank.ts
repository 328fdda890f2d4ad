/** How well a text answers a search. Pure, allocation-light: it runs over every row at each key. */

const MARKS = /\p{M}/gu;
/** Letters that Unicode does not take apart, as people type them without. */
const PLAIN: Record<string, string> = { ı: 'i', ø: 'o', ł: 'l', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd' };
const SPECIAL = /[ıøłđßæœþð]/g;

/** Lower case without accents, so that "Zoe" finds "Zoë" and "yildiz" finds "Yıldız". */
export function fold(text: string): string {
  const plain = text.normalize('NFD').replace(MARKS, '').toLowerCase();
  return plain.replace(SPECIAL, (letter) => PLAIN[letter] ?? letter);
}

/**
 * 0 is no match; higher is better. Whole, then start, then start of a word, then inside, then letters in order
 * ("jvd" finds "Jan van Dijk"). Each word of the search must be found; both sides are folded.
 */
export function score(search: string, text: string): number {
  if (!search) return 1;
  if (text === search) return 100;
  if (text.startsWith(search)) return 90;
  let total = 0;
  const words = search.split(' ').filter(Boolean);
  for (const word of words) {
    const one = wordScore(word, text);
    if (!one) return words.length === 1 ? initials(word, text) : 0;
    total += one;
  }
  return words.length ? total / words.length : 0;
}

function wordScore(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0) return 85;
    if (!isLetter(text.charCodeAt(at - 1))) return 70;
  }
  return word.length > 1 && text.includes(word) ? 40 : 0;
}

function initials(word: string, text: string): number {
  if (word.length < 2) return 0;
  let next = 0;
  for (let at = 0; at < text.length && next < word.length; at++) {
    const start = at === 0 || !isLetter(text.charCodeAt(at - 1));
    if (start && text[at] === word[next]) next++;
  }
  return next === word.length ? 30 : 0;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

export interface Ranked<T> {
  item: T;
  score: number;
}

/** The best `limit` items, best first; equal ones keep their order. `texts` are folded; the first weighs most. */
export function rank<T>(search: string, items: readonly T[], texts: (item: T) => readonly string[], limit: number): Ranked<T>[] {
  const folded = fold(search).trim();
  const found: Ranked<T>[] = [];
  for (const item of items) {
    let best = 0;
    const candidates = texts(item);
    for (let index = 0; index < candidates.length; index++) {
      const one = score(folded, candidates[index] ?? '') * (index === 0 ? 1 : 0.8);
      if (one > best) best = one;
    }
    if (best) found.push({ item, score: best });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, limit);
}
