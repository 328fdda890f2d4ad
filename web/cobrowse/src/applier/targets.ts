/** Which nodes of the copy an agent can mean, what they are called, and where they stand. Reads the copy, changes nothing in it. */

import type { Place, Target, TargetKind } from './port';

const LABEL = 60;
const FIELD = 'input,select,textarea';
/** More options than anybody reads; the rest is for the visitor to choose. */
const MOST_OPTIONS = 200;
const PRESSED =
  'a,button,summary,label,input,select,textarea,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=checkbox],[role=radio],[role=switch]';
const READ = 'h1,h2,h3,h4,h5,h6,p,li,dt,dd,th,td,img,legend,figcaption,blockquote,output';

export interface Numbers {
  idOf(node: Node | null): number;
  nodeOf(id: number): Node | undefined;
}

export type Found = Omit<Target, 'epoch' | 'seen'>;

/** The innermost mirrored element at a point, or the thing to press around it. */
export function probe(document: Document, numbers: Numbers, x: number, y: number, act: boolean): Found | null {
  let hit = document.elementFromPoint(x, y);
  for (let inner = hit?.shadowRoot?.elementFromPoint(x, y); hit && inner && inner !== hit; inner = hit.shadowRoot?.elementFromPoint(x, y)) hit = inner;
  return hit && found(numbers, (act ? closest(hit, PRESSED) : null) ?? hit);
}

/** The next thing in the order of the document, around its end; null when there is nothing to mean. */
export function step(document: Document, numbers: Numbers, from: number, by: 1 | -1, act: boolean): Found | null {
  const all = candidates(document, act ? PRESSED : `${PRESSED},${READ}`);
  const last = numbers.nodeOf(from);
  const at = last ? all.findIndex((it) => it === last) : -1;
  for (let i = 1; i <= all.length; i++) {
    const next = all[(((at < 0 && by < 0 ? 0 : at) + i * by) % all.length + all.length) % all.length]!;
    const it = found(numbers, next);
    if (!it) continue;
    if (!inSight(document, it.place)) next.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    return found(numbers, next);
  }
  return null;
}

export function placeOf(node: Node | undefined): Place | null {
  const element = node?.nodeType === 3 ? node.parentElement : node?.nodeType === 1 ? (node as Element) : null;
  if (!element?.isConnected) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 ? { x: left, y: top, width, height } : null;
}

/** The nearest thing that can still scroll that way moves. */
export function wheel(document: Document, x: number, y: number, dx: number, dy: number): void {
  let at: Element | null = document.elementFromPoint(x, y);
  for (let inner = at?.shadowRoot?.elementFromPoint(x, y); at && inner && inner !== at; inner = at.shadowRoot?.elementFromPoint(x, y)) at = inner;
  for (; at && at !== document.documentElement && at !== document.body; at = parentOf(at)) {
    const { overflowX, overflowY } = getComputedStyle(at);
    const down = /auto|scroll/.test(overflowY) && (dy < 0 ? at.scrollTop > 0 : dy > 0 && at.scrollTop + at.clientHeight < at.scrollHeight - 1);
    const across = /auto|scroll/.test(overflowX) && (dx < 0 ? at.scrollLeft > 0 : dx > 0 && at.scrollLeft + at.clientWidth < at.scrollWidth - 1);
    if (down || across) return at.scrollBy({ left: dx, top: dy, behavior: 'instant' });
  }
  document.defaultView?.scrollBy({ left: dx, top: dy, behavior: 'instant' });
}

function found(numbers: Numbers, element: Element): Found | null {
  const id = numbers.idOf(element);
  const node = numbers.nodeOf(id);
  const place = placeOf(node);
  if (!node || !place || node.nodeType !== 1) return null;
  const it = node as Element;
  const select = it.localName === 'select' ? (it as HTMLSelectElement) : null;
  const options = select ? [...select.options].slice(0, MOST_OPTIONS).map((one) => ({ label: short(one.label), disabled: one.disabled })) : [];
  return { id, kind: kindOf(it), label: labelOf(it), place, options, chosen: select?.selectedIndex ?? -1 };
}

function kindOf(element: Element): TargetKind {
  const { localName: tag } = element;
  if (tag === 'select') return 'select';
  if (tag === 'textarea') return 'text';
  if (tag === 'input') {
    const type = element.getAttribute('type')?.toLowerCase() ?? 'text';
    if (type === 'checkbox' || type === 'radio') return 'check';
    return /^(?:button|submit|reset|image)$/.test(type) ? 'button' : 'text';
  }
  if (tag === 'a') return 'link';
  return element.matches(PRESSED) ? 'button' : 'part';
}

function labelOf(element: Element): string {
  const named = element.getAttribute('aria-label') ?? element.getAttribute('alt');
  const isField = element.matches(FIELD);
  const beside = isField ? (element.closest('label') ?? labelBefore(element)) : null;
  const own = isField ? '' : element.textContent;
  const written = element.getAttribute('placeholder') ?? element.getAttribute('title');
  return [named, beside?.textContent, own, written].map((it) => short(it ?? '')).find((it) => it !== '') ?? '';
}

/** A copy does not know which label is for which field: the nearest one before it, with no other field in between. */
function labelBefore(field: Element): Element | null {
  let at: Element | null = field;
  for (let up = 0; at && up < 4; at = at.parentElement, up++) {
    for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.matches(FIELD) || before.querySelector(FIELD)) return null;
      const label = before.matches('label') ? before : before.querySelector('label');
      if (label) return label;
    }
  }
  return null;
}

function short(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim();
  return line.length > LABEL ? `${line.slice(0, LABEL - 1)}…` : line;
}

function candidates(root: Document | ShadowRoot, selector: string): Element[] {
  const all: Element[] = [];
  for (const it of root.querySelectorAll('*')) {
    if (it.matches(selector)) all.push(it);
    if (it.shadowRoot) all.push(...candidates(it.shadowRoot, selector));
  }
  return all;
}

function closest(from: Element, selector: string): Element | null {
  for (let at: Element | null = from; at; at = parentOf(at)) if (at.matches(selector)) return at;
  return null;
}

function parentOf(element: Element): Element | null {
  return element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host ?? null;
}

function inSight(document: Document, { x, y, width, height }: Place): boolean {
  const view = document.defaultView!;
  return y >= 0 && x >= 0 && y + Math.min(height, view.innerHeight) <= view.innerHeight && x + Math.min(width, view.innerWidth) <= view.innerWidth;
}
