/** What the visitor was typing in this tab, kept over page loads. */

const key = (inbox: string) => `balie:${inbox}:draft`;

export function readDraft(inbox: string): string {
  try {
    return sessionStorage.getItem(key(inbox)) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(inbox: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key(inbox), text);
    else sessionStorage.removeItem(key(inbox));
  } catch {
    // Storage is forbidden: the draft lasts as long as the page.
  }
}
