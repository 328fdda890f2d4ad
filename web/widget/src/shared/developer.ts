/** A word to the site's developer, in the browser's console. Visitors never need it. */
export function warn(text: string): void {
  // eslint-disable-next-line no-console
  console.warn(`Balie: ${text}`);
}
