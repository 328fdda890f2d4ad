/** Watches every document and open shadow root of the mirrored tree. */

const OBSERVED: MutationObserverInit = { childList: true, attributes: true, characterData: true, subtree: true };
const MEDIA = ['play', 'pause', 'ended', 'seeked', 'volumechange', 'ratechange'];

export type Root = Document | ShadowRoot;

export interface Heard {
  mutated(records: MutationRecord[]): void;
  scrolled(target: Node): void;
  typed(target: Element): void;
  focused(target: Node | null): void;
  media(target: Element): void;
  layer(target: Element): void;
  loaded(target: Element): void;
  failed(target: Element): void;
  invalid(target: Element): void;
  pointed(event: PointerEvent): void;
}

export class Roots {
  readonly all = new Map<Root, { observer: MutationObserver; stop: AbortController }>();
  private readonly heard: Heard;

  constructor(heard: Heard) {
    this.heard = heard;
  }

  watch(root: Root): void {
    if (this.all.has(root)) return;
    const { heard } = this;
    const observer = new MutationObserver((records) => heard.mutated(records));
    observer.observe(root, OBSERVED);
    const stop = new AbortController();
    const on = (names: readonly string[], listen: (event: Event) => unknown): void => {
      for (const name of names) root.addEventListener(name, listen, { capture: true, passive: true, signal: stop.signal });
    };
    const element = (event: Event): Element => (event.composedPath()[0] ?? event.target) as Element;
    on(['scroll'], (event) => heard.scrolled(event.target as Node));
    on(['input', 'change', 'reset'], (event) => heard.typed(element(event)));
    on(['focusin'], (event) => heard.focused(element(event)));
    on(['focusout'], () => heard.focused(null));
    on(MEDIA, (event) => heard.media(element(event)));
    on(['toggle', 'close'], (event) => heard.layer(element(event)));
    on(['load'], (event) => heard.loaded(element(event)));
    on(['error'], (event) => event.isTrusted && heard.failed(element(event)));
    on(['invalid'], (event) => event.isTrusted && heard.invalid(element(event)));
    if (root.nodeType === 9) on(['pointermove', 'pointerdown'], (event) => heard.pointed(event as PointerEvent));
    this.all.set(root, { observer, stop });
  }

  /** Hears what happened so far, at once. */
  drain(): void {
    for (const { observer } of this.all.values()) {
      const records = observer.takeRecords();
      if (records.length > 0) this.heard.mutated(records);
    }
  }

  leave(root: Root): void {
    const watched = this.all.get(root);
    watched?.observer.disconnect();
    watched?.stop.abort();
    this.all.delete(root);
  }

  stop(): void {
    for (const root of [...this.all.keys()]) this.leave(root);
  }
}
