/** Which parts of a page are masked, shown or blocked: by the organisation's selectors and by marks in the page. */

import { PolicyError, type PageMode, type Policy } from '../rules';

/** Bits of a region: what may be seen below an element. */
export const Region = { texts: 1, fields: 2 } as const;

const LISTS = ['block', 'mask', 'show', 'canvas'] as const;
type List = (typeof LISTS)[number];

/** The chat itself: neither mirrored nor controlled. */
export const OWN_WINDOW = 'balie-widget';

export class Marks {
  mode: PageMode = 'view';
  private readonly policy: Policy;
  private readonly selectors: Record<List, string>;
  private readonly all: string;
  private found: Record<List, Set<Element>> = empty();

  /** Throws PolicyError for a selector this browser cannot read: a mask that does not work must not go unnoticed. */
  constructor(policy: Policy, document: Document) {
    this.policy = policy;
    const probe = document.createDocumentFragment();
    for (const list of [...LISTS, 'noControl'] as const) {
      policy[list].forEach((selector, index) => {
        try {
          probe.querySelector(selector);
        } catch {
          throw new PolicyError('bad_selector', `${list}.${index}`);
        }
      });
    }
    const joined = (list: List): string => [`[data-balie-${list}]`, ...(list === 'mask' ? ['.balie-mask'] : []), ...policy[list]].join(',');
    this.selectors = { block: joined('block'), mask: joined('mask'), show: joined('show'), canvas: joined('canvas') };
    this.all = LISTS.map((list) => this.selectors[list]).join(',');
  }

  /** Looks again; answers the elements whose marks came, went or changed. */
  refresh(roots: Iterable<Document | ShadowRoot>): Element[] {
    const next = empty();
    for (const root of roots) {
      for (const element of root.querySelectorAll(this.all)) {
        for (const list of LISTS) if (element.matches(this.selectors[list])) next[list].add(element);
      }
    }
    const differing = new Set<Element>();
    for (const list of LISTS) {
      for (const element of next[list]) if (!this.found[list].has(element)) differing.add(element);
      for (const element of this.found[list]) if (!next[list].has(element)) differing.add(element);
    }
    this.found = next;
    return [...differing];
  }

  get top(): number {
    return this.policy.text === 'show' ? Region.texts : 0;
  }

  isBlocked(element: Element): boolean {
    return this.found.block.has(element);
  }

  showsCanvas(element: Element): boolean {
    return this.found.canvas.has(element);
  }

  /** The region of `element` and what stands in it, in a region of its composed parent. */
  within(element: Element, region: number): number {
    if (this.found.mask.has(element)) return 0;
    let own = region;
    if (this.found.show.has(element)) own = this.mode === 'view-without-fields' ? Region.texts : Region.texts | Region.fields;
    return isEditor(element) && !(own & Region.fields) ? 0 : own;
  }

  /**
   * Inside a masked or blocked part, over shadow roots and frames: neither pointer nor focus is told from there.
   * `now`: by the marks as they stand in the page, for what does not wait until they are looked for again.
   */
  isQuiet(node: Node | null, now = false): boolean {
    const has = (list: List, element: Element): boolean => (now ? element.matches(this.selectors[list]) : this.found[list].has(element));
    for (let at = node; at; at = composedParent(at)) {
      if (at.nodeType !== 1) continue;
      const element = at as Element;
      if (has('block', element) || has('mask', element) || element.localName === OWN_WINDOW) return true;
      if (has('show', element)) return false;
    }
    return false;
  }
}

function empty(): Record<List, Set<Element>> {
  return { block: new Set(), mask: new Set(), show: new Set(), canvas: new Set() };
}

/** Where a person writes outside of form fields. */
export function isEditor(element: Element): boolean {
  if (!element.hasAttributes() && element.localName !== 'html') return false;
  const editable = element.getAttribute('contenteditable');
  return (editable !== null && editable.toLowerCase() !== 'false') || element.getAttribute('role') === 'textbox' || (element.localName === 'html' && element.ownerDocument.designMode === 'on');
}

/** The parent over the borders of shadow roots and frames. */
export function composedParent(node: Node): Node | null {
  if (node.parentNode) return node.parentNode;
  if (node.nodeType === 11) return (node as Partial<ShadowRoot>).host ?? null;
  if (node.nodeType === 9) return frameOf(node as Document);
  return null;
}

export function frameOf(document: Document): Element | null {
  try {
    return document.defaultView?.frameElement ?? null;
  } catch {
    return null;
  }
}
