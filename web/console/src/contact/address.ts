/** What a visitor's browser reported is data: only http and https become a link. */
export function addressOf(url: string): { href: string | null; path: string } {
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return { href: null, path: url };
    if (parsed.username || parsed.password) return { href: null, path: url };
    return { href: parsed.href, path: parsed.pathname };
  } catch {
    return { href: null, path: url };
  }
}
