/** A visitor's code as people type it: "123 456", "123-456". Pure. */

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '').slice(0, 6);
}

/** The code when the text is one and nothing else, as in the command bar. */
export function codeIn(text: string): string | null {
  const bare = text.trim().replace(/^(\d{3})[ .-]?(\d{3})$/, '$1$2');
  return /^\d{6}$/.test(bare) ? bare : null;
}
