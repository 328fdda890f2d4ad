/** A piece of text; with `href` when it is a link. Show as text nodes and anchors, never as HTML. */
export interface Segment {
  readonly text: string;
  readonly href: string | null;
}

const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"]+|\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/gi;
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
  const surplus: Record<string, number> = {};
  for (const [close, open] of Object.entries(PAIRS)) surplus[close] = count(url, close) - count(url, open);
  for (;;) {
    const last = url.charAt(end - 1);
    const closes = surplus[last];
    if (closes === undefined ? !TRAILING.test(last) : closes <= 0) break;
    if (closes !== undefined) surplus[last] = closes - 1;
    end -= 1;
  }
  return url.slice(0, end);
}

function count(url: string, character: string): number {
  return url.split(character).length - 1;
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
