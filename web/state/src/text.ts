const LIMIT = 140;

// The white space that Python's str.split() knows; JavaScript's \s differs in U+0085, U+001C-1F and U+FEFF.
// eslint-disable-next-line no-control-regex
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** One line of at most 140 code points, as list rows show it. */
export function previewText(text: string): string {
  const line = text.replace(SPACE, ' ').replace(/^ | $/g, '');
  if (line.length <= LIMIT) return line;
  const points = Array.from(line);
  return points.length <= LIMIT ? line : points.slice(0, LIMIT - 1).join('') + '…';
}
