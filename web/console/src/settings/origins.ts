/** Sites as the server wants them, and the code that puts Balie on one. Pure. */
import type { Inbox } from '@balie/protocol';

export function snippet(inbox: Inbox, origin: string): string {
  return `<script async src="${origin}/widget.js" data-inbox="${inbox.key}"></script>`;
}

/** Each line as an origin; a path is cut off, since rights go by site. `bad` is the first line that is none. */
export function originsIn(text: string): { origins: string[]; bad: string | null } {
  const origins = new Set<string>();
  for (const line of text.split(/[\s,]+/).filter(Boolean)) {
    try {
      const url = new URL(line);
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return { origins: [], bad: line };
      origins.add(url.origin);
    } catch {
      return { origins: [], bad: line };
    }
  }
  return { origins: [...origins], bad: null };
}
