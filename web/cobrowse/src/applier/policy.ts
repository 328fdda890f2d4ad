/** The headers under which the viewer's page is served: an opaque origin that runs one script and loads only from the asset route. */

/** `script` and `assets` are absolute addresses; `assets` ends with a slash. */
export function viewerHeaders(script: string, assets: string): Record<string, string> {
  const policy = [
    'sandbox allow-scripts', "default-src 'none'", `script-src ${script}`, `img-src ${assets} data:`, `font-src ${assets}`, "style-src 'none'", "connect-src 'none'",
    "form-action 'none'", "base-uri 'none'", "frame-src 'none'", "frame-ancestors 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '), 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'same-origin',
    'X-DNS-Prefetch-Control': 'off', 'Content-Type': 'text/html; charset=utf-8',
  };
}

/** A page in quirks mode needs a viewer in quirks mode: that cannot be changed later. */
export function viewerPage(script: string, quirks = false): string {
  return `${quirks ? '' : '<!doctype html>'}<html><head><meta charset="utf-8"><title>Balie</title><script src="${script}"></script></head><body></body></html>`;
}
