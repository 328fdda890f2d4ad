/** Whether the visitor is in the middle of typing: a question that opened then would take their keys. */

const TYPING_MS = 2_000;
/** Inputs that take no text. */
const PRESSED = /^(button|checkbox|color|file|hidden|image|radio|range|reset|submit)$/;

export interface Attention {
  /** Typed just now, or with the focus in a field of the page. */
  busy(): boolean;
  /** Calls `freed` once, as soon as they are not busy any more. */
  wait(): void;
}

export function followAttention(root: ShadowRoot, freed: () => void, signal: AbortSignal): Attention {
  let typedAt = -Infinity;
  let waiting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sinceTyped = () => performance.now() - typedAt;
  const busy = () => sinceTyped() < TYPING_MS || isField(focused(root.host));

  function look(): void {
    clearTimeout(timer);
    if (!waiting) return;
    const left = TYPING_MS - sinceTyped();
    if (left > 0) timer = setTimeout(look, left);
    else if (!busy()) {
      waiting = false;
      freed();
    }
  }

  // Before the page's own listeners, which may stop an event.
  const listen = { capture: true, passive: true, signal } as const;
  window.addEventListener('input', (event) => event.isTrusted && (typedAt = performance.now()), listen);
  // The focus arrives at its next place after this event.
  window.addEventListener('focusout', () => waiting && (timer = setTimeout(look)), listen);
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    busy,
    wait() {
      waiting = true;
      look();
    },
  };
}

/** The chat's own field keeps the focus after a message; only typing in it counts. */
function focused(chat: Element): Element | null {
  let found = document.activeElement;
  while (found && found !== chat && found.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found === chat ? null : found;
}

function isField(it: Element | null): boolean {
  if (it instanceof HTMLInputElement) return !PRESSED.test(it.type) && !it.readOnly;
  return it instanceof HTMLTextAreaElement || it instanceof HTMLSelectElement || (it instanceof HTMLElement && it.isContentEditable);
}
