/** A word to the site's developer, in the browser's console. Visitors never need it. */
export function warn(text: string): void {
  console.warn(`Balie: ${text}`);
}
