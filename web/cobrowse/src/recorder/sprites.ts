/**
 * Symbols from a drawing in a file of its own: `<use href="icons.svg#x">`. The visitor's browser reads the file once more, and what the page uses of it is told as
 * if it stood in the page: in a holder at the end of its root, through the same lists as everything else. Of the file itself the agent's side hears nothing.
 */

import type { Guard } from './guard';

const SVG = 'http://www.w3.org/2000/svg';
const MOST_FILES = 16;
const MOST_BYTES = 524_288;
const WITHIN_MS = 5_000;
const NAMED = /^#[\w.:-]{1,40}$/;
/** Outside of the page's flow, whatever its style sheets say of drawings. */
const ASIDE = 'position:absolute!important;width:0!important;height:0!important;overflow:hidden!important';

interface File {
  number: number;
  /** Null until it came, and when it never does. */
  drawing: Document | null;
  waiting: Set<Element>;
}

interface Holder {
  element: Element;
  names: Set<string>;
}

export interface SpriteNews {
  /** There is something to refer to now. */
  came(use: Element): void;
  /** More symbols are told in this root. */
  grew(holder: Element, root: Node): void;
  guard: Guard;
}

/** Kept over epochs: a file is asked for once. */
export class Sprites {
  /** Files on their way. */
  pending = 0;
  private readonly window: Window;
  private readonly news: SpriteNews;
  private readonly files = new Map<string, File>();
  private readonly holders = new WeakMap<Node, Holder>();

  constructor(window: Window, news: SpriteNews) {
    this.window = window;
    this.news = news;
  }

  /** Where the symbols of a document or shadow root stand, once there are any. */
  holder(root: Node): Element | undefined {
    return this.holders.get(root)?.element;
  }

  /** What a `use` refers to in the agent's copy; null when that is nothing, or nothing yet. */
  reference(use: Element, value: string): string | null {
    let url: URL;
    try {
      url = new URL(value, use.baseURI);
    } catch {
      return null;
    }
    const { hash, origin } = url;
    // Browsers show symbols of the own site only.
    if (origin !== this.window.location.origin || !NAMED.test(hash)) return null;
    url.hash = '';
    let file = this.files.get(url.href);
    if (!file) {
      if (this.files.size >= MOST_FILES) return null;
      file = { number: this.files.size + 1, drawing: null, waiting: new Set() };
      this.files.set(url.href, file);
      this.load(file, url.href);
    }
    if (file.drawing) return this.take(file, hash.slice(1), use.getRootNode());
    file.waiting.add(use);
    return null;
  }

  /** By XMLHttpRequest: it parses without a policy for trusted types, runs nothing and loads nothing. */
  private load(file: File, address: string): void {
    const call = new (this.window as Window & typeof globalThis).XMLHttpRequest();
    call.open('GET', address);
    call.responseType = 'document';
    call.timeout = WITHIN_MS;
    call.onprogress = ({ loaded }) => {
      if (loaded > MOST_BYTES) call.abort();
    };
    call.onloadend = this.news.guard(() => {
      this.pending -= 1;
      const drawing = call.status === 200 && call.responseURL.startsWith(`${this.window.location.origin}/`) ? call.responseXML : null;
      if (drawing?.documentElement.namespaceURI === SVG) file.drawing = drawing;
      for (const use of file.waiting) this.news.came(use);
      file.waiting.clear();
    });
    this.pending += 1;
    call.send();
  }

  private take(file: File, id: string, root: Node): string | null {
    const name = `balie-${file.number}-${id}`;
    let holder = this.holders.get(root);
    if (holder?.names.has(name)) return `#${name}`;
    const source = file.drawing!.getElementById(id);
    if (!source) return null;
    if (!holder) {
      // In a document that nobody shows: no style sheet, script or observer of the page sees it.
      const element = this.window.document.implementation.createDocument(SVG, 'svg').documentElement as unknown as SVGElement;
      element.style.cssText = ASIDE;
      this.holders.set(root, (holder = { element, names: new Set() }));
    }
    holder.names.add(name);
    const copy = source.cloneNode(true) as Element;
    const referred = this.own(copy, name.slice(0, -id.length));
    copy.setAttribute('id', name);
    holder.element.append(copy);
    for (const it of referred) this.take(file, it, root);
    this.news.grew(holder.element, root);
    return `#${name}`;
  }

  /** Makes a part of a file stand by itself: its references get names that the page does not have. Answers what they refer to. */
  private own(copy: Element, prefix: string): Set<string> {
    const referred = new Set<string>();
    for (const it of [copy, ...copy.querySelectorAll('*')]) {
      if (it.namespaceURI !== SVG || it.localName === 'foreignObject') {
        it.remove();
        continue;
      }
      for (const name of it.getAttributeNames()) {
        const value = it.getAttribute(name)!;
        const isLink = /^(?:xlink:)?href$/.test(name);
        // The page's own classes are not meant for it, nor what else the file refers to.
        if (/^(?:class|id)$/.test(name) || (isLink && !NAMED.test(value))) it.removeAttribute(name);
        else if (value.includes('#')) {
          const own = value.replace(isLink ? /^#(.+)/ : /(?<=url\(["']?)#([\w.:-]{1,40})/g, (_, id: string) => {
            referred.add(id);
            return `#${prefix}${id}`;
          });
          if (own !== value) it.setAttribute(name, own);
        }
      }
    }
    return referred;
  }
}
