/** A piece of text; with `href` when it is a link. Show as text nodes and anchors, never as HTML. */
export interface Segment {
  readonly text: string;
  readonly href: string | null;
}

const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,:;!?'"*_~…’”»]$/;
const PAIRS: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Text cut into plain pieces and safe links (http, https, www. and e-mail addresses). */
export function linkify(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const found = trimmed(match[0]);
    const href = hrefOf(found);
    if (href === null) continue;
    if (match.index > from) segments.push({ text: text.slice(from, match.index), href: null });
    segments.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) segments.push({ text: text.slice(from), href: null });
  return segments;
}

/** Without the punctuation that belongs to the sentence: "(see www.example.nl)." ends at ".nl". */
function trimmed(url: string): string {
  let end = url.length;
  for (;;) {
    const last = url.charAt(end - 1);
    const open = PAIRS[last];
    if (open === undefined ? !TRAILING.test(last) : balanced(url.slice(0, end), open, last)) break;
    end -= 1;
  }
  return url.slice(0, end);
}

function balanced(url: string, open: string, close: string): boolean {
  return url.split(open).length >= url.split(close).length;
}

function hrefOf(found: string): string | null {
  if (/^https?:/i.test(found) || /^www\../i.test(found)) {
    const href = /^www\./i.test(found) ? `https://${found}` : found;
    try {
      const url = new URL(href);
      // "https://bank.example@evil.example" shows one host and opens another.
      return url.username || url.password || !url.hostname.includes('.') ? local(url, href) : href;
    } catch {
      return null;
    }
  }
  return `mailto:${found}`;
}

function local(url: URL, href: string): string | null {
  return url.hostname === 'localhost' && !url.username && !url.password ? href : null;
}
