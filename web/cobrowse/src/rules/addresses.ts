/** Addresses without what they carry: no query, no hash, no user, no data. */

/** `https://site/path` of an address, or '' when it is none that a page can have. */
export function bareAddress(address: string, base?: string): string {
  let url: URL;
  try {
    url = new URL(address, base);
  } catch {
    return '';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
  return url.origin + url.pathname;
}

/** The page's address as the agent sees it: path segments that are tokens or numbers of people are covered. */
export function shownAddress(address: string): string {
  const bare = bareAddress(address);
  if (!bare) return '';
  const url = new URL(bare);
  const path = url.pathname.split('/').map((part) => (secretPart(part) ? '•••' : part));
  return url.origin + path.join('/');
}

/** Long numbers, mixed letters and digits of some length, and e-mail addresses. */
function secretPart(part: string): boolean {
  const text = decode(part);
  if (text.includes('@') || /\d{6}/.test(text)) return true;
  return text.split(/[-_.]/).some((word) => word.length >= 12 && /\d/.test(word) && /[a-z]/i.test(word));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
