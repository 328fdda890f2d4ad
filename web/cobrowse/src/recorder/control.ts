/**
 * An agent's hand on the page: by node, never by place, and only where the visitor's grant, the policy and the page let it. Every action
 * is answered with done, or refused because ….
 */

import { Type, type Click, type Fill, type Outcome, type ScrollTo, type Select } from '../protocol';
import { isProtectedValue, type Policy } from '../rules';
import { isField, type Fields } from './fields';
import { composedParent, frameOf, isEditor, OWN_WINDOW, Region, type Marks } from './marks';
import type { Twin } from './tree';

/** What the visitor allows at this moment. */
export type Grants = () => { scroll: boolean; act: boolean };
export type Action = ScrollTo | Click | Fill | Select;

/** The visitor's own hand goes first for so long. */
const VISITOR_FIRST_MS = 1_000;
/** What commits a person to something stays for that person to press. */
const COMMITS =
  /\b(?:pay|order|buy|purchase|checkout|sign|confirm|submit|delete|remove|cancel|transfer|agree|accept|authori[sz]e|betaal|betalen|bestel|bestellen|koop|kopen|afrekenen|onderteken|ondertekenen|bevestig|bevestigen|verstuur|versturen|verzend|verzenden|verwijder|verwijderen|wissen|annuleer|annuleren|opzeggen|overmaken|akkoord|accepteer|machtig|machtigen|incasso)\b/i;
const FILLABLE = /^(?:text|search|email|tel|url|number|date|datetime-local|month|week|time|range|color)$/;

export interface Reach {
  twin(id: number): Twin | undefined;
  of(node: Node): Twin | undefined;
  fields(): Fields;
  marks: Marks;
  policy: Policy;
  grants: Grants;
  flash(element: Element): Promise<void>;
  touchedAt(): number;
  now(): number;
}

export class Control {
  private readonly window: Window;
  private readonly reach: Reach;

  constructor(window: Window, reach: Reach) {
    this.window = window;
    this.reach = reach;
  }

  /** Checks, shows the visitor what is about to be touched, checks again, acts. */
  async act(action: Action): Promise<Outcome> {
    const first = this.refusal(action);
    if (first) return first;
    const element = this.reach.twin(action.id)!.node as HTMLElement;
    if (action.type === Type.scrollTo) {
      reveal(element);
      return 'done';
    }
    if (!isInView(element)) reveal(element);
    await this.reach.flash(element);
    const second = this.refusal(action) ?? this.hit(element);
    if (second) return second;
    if (action.type === Type.click) press(element);
    else if (action.type === Type.fill) fill(element as HTMLInputElement, action.text);
    else choose(element as HTMLSelectElement, action.index);
    return 'done';
  }

  private refusal(action: Action): Outcome | null {
    const { reach } = this;
    const grants = reach.grants();
    if (!(action.type === Type.scrollTo ? grants.scroll || grants.act : grants.act)) return 'no_grant';
    const twin = reach.twin(action.id);
    if (!twin?.node.isConnected || twin.node.nodeType !== 1) return 'gone';
    if (within(twin.node, (it) => it.localName === OWN_WINDOW)) return 'own_window';
    if (within(twin.node, (it) => reach.marks.isBlocked(it))) return 'blocked';
    if (action.type === Type.scrollTo) return null;
    if (reach.now() - reach.touchedAt() < VISITOR_FIRST_MS) return 'visitor_busy';
    if (lastChange(twin) > action.seen) return 'changed';
    const element = twin.node as HTMLElement;
    if (this.isReserved(element)) return 'reserved';
    if (isField(element)) {
      const no = this.fieldRefusal(element, twin);
      if (no) return no;
    } else if (within(element, isEditor)) {
      if (!(twin.region & Region.fields)) return 'editable';
    } else if (!(twin.region & Region.texts)) return 'masked';
    if (isDisabled(element)) return 'disabled';
    if (!isVisible(element)) return 'hidden';
    if (action.type === Type.click) return this.leaves(element);
    if (action.type === Type.select) return optionRefusal(element, action.index);
    if (isProtectedValue(action.text)) return 'protected_field';
    const fillable = element.localName === 'textarea' || (element.localName === 'input' && FILLABLE.test((element as HTMLInputElement).type));
    return fillable && !(element as HTMLInputElement).readOnly ? null : 'not_fillable';
  }

  private fieldRefusal(element: HTMLElement, twin: Twin): Outcome | null {
    const type = (element as HTMLInputElement).type;
    if (/^(?:submit|image)$/.test(type)) return 'reserved';
    if (/^(?:button|reset)$/.test(type)) return this.reach.marks.isQuiet(element) ? 'masked' : null;
    if (this.reach.fields().isProtected(element)) return 'protected_field';
    return this.reach.fields().isOpen(twin) ? null : 'masked';
  }

  /** Buttons that send, and what the policy, the page or plain words keep for the visitor. */
  private isReserved(element: HTMLElement): boolean {
    const { noControl } = this.reach.policy;
    const selector = ['[data-balie-nocontrol]', ...noControl].join(',');
    if (within(element, (it) => it.matches(selector))) return true;
    const pressed = pressedBy(element);
    if (!pressed) return false;
    const sends = pressed.localName === 'button' && (pressed as HTMLButtonElement).type === 'submit' && (pressed as HTMLButtonElement).form !== null;
    const words = [pressed.textContent, (pressed as HTMLInputElement).value, pressed.getAttribute('aria-label'), pressed.getAttribute('title')];
    return sends || words.some((it) => typeof it === 'string' && COMMITS.test(it.slice(0, 300)));
  }

  /** Links that download, call, mail, or open elsewhere. */
  private leaves(element: HTMLElement): Outcome | null {
    // Pressing a label is pressing its field.
    const field = element.closest('label')?.control;
    if (field && field !== element && isField(field)) {
      const twin = this.reach.of(field);
      const no = twin ? this.fieldRefusal(field, twin) : 'gone';
      if (no) return no;
    }
    const link = element.closest('a[href],area[href]');
    if (!link) return null;
    const target = link.getAttribute('target') ?? '';
    if (link.hasAttribute('download') || (target !== '' && !/^_(?:self|top|parent)$/i.test(target))) return 'leaves_page';
    return /^\s*(?:https?:|[^a-z]|[^:]*$)/i.test(link.getAttribute('href') ?? '') ? null : 'leaves_page';
  }

  /** What a person would hit in the middle of it has to be it. */
  private hit(element: Element): Outcome | null {
    const { width, height, ...corner } = rectOf(element);
    let { left, top } = corner;
    for (let inside = element; ; ) {
      const document = inside.ownerDocument;
      let found = document.elementFromPoint(left + width / 2, top + height / 2);
      while (found?.shadowRoot) {
        const deeper: Element | null = found.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
        if (!deeper || deeper === found) break;
        found = deeper;
      }
      if (!found || !within(found, (it) => it === inside)) return 'covered';
      const frame = frameOf(document);
      if (document === this.window.document || !frame) return null;
      const outer = frame.getBoundingClientRect();
      left += outer.left + frame.clientLeft;
      top += outer.top + frame.clientTop;
      inside = frame;
    }
  }
}

function within(node: Node, test: (element: Element) => boolean): boolean {
  for (let at: Node | null = node; at; at = composedParent(at)) if (at.nodeType === 1 && test(at as Element)) return true;
  return false;
}

const pressedBy = (element: Element): HTMLElement | null => element.closest<HTMLElement>('button,a,summary,[role=button],[role=link],[role=menuitem],input[type=button],input[type=reset],[onclick]');

/** The last frame that changed it or what a person reads on it. */
function lastChange(twin: Twin): number {
  let last = twin.changedSeq;
  const todo = [...twin.kids];
  for (let left = 64, at = todo.pop(); at && left > 0; at = todo.pop(), left--) {
    last = Math.max(last, at.changedSeq);
    todo.push(...at.kids);
  }
  return last;
}

function rectOf(element: Element): { left: number; top: number; width: number; height: number } {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}

function isDisabled(element: Element): boolean {
  return element.matches(':disabled') || within(element, (it) => it.getAttribute('aria-disabled') === 'true' || it.hasAttribute('inert'));
}

function isVisible(element: HTMLElement): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}

function isInView(element: Element): boolean {
  const view = element.ownerDocument.defaultView!;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= view.innerHeight && right <= view.innerWidth;
}

const reveal = (element: Element): void => element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });

function optionRefusal(element: HTMLElement, index: number): Outcome | null {
  if (element.localName !== 'select') return 'not_fillable';
  const option = (element as HTMLSelectElement).options[index];
  return option && !option.disabled ? null : 'no_such_option';
}

function press(element: HTMLElement): void {
  const { left, top, width, height } = element.getBoundingClientRect();
  const view = element.ownerDocument.defaultView;
  const at = { bubbles: true, cancelable: true, composed: true, view, clientX: left + width / 2, clientY: top + height / 2, button: 0 };
  const send = (name: string, buttons: number): boolean => {
    const Make = name.startsWith('pointer') ? view!.PointerEvent : view!.MouseEvent;
    return element.dispatchEvent(new Make(name, { ...at, buttons }));
  };
  for (const name of ['pointerover', 'mouseover', 'pointermove', 'mousemove']) send(name, 0);
  send('pointerdown', 1);
  if (send('mousedown', 1)) element.focus({ preventScroll: true });
  send('pointerup', 0);
  send('mouseup', 0);
  element.click();
}

/** The browser's own setter, so that frameworks which watch the property notice. */
function fill(element: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  element.focus({ preventScroll: true });
  setValue(element, text);
  element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}

function choose(element: HTMLSelectElement, index: number): void {
  element.focus({ preventScroll: true });
  Object.getOwnPropertyDescriptor(prototypeOf(element, 'HTMLSelectElement'), 'selectedIndex')?.set?.call(element, index);
  element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}

function setValue(element: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const name = element.localName === 'textarea' ? 'HTMLTextAreaElement' : 'HTMLInputElement';
  Object.getOwnPropertyDescriptor(prototypeOf(element, name), 'value')?.set?.call(element, text);
}

function prototypeOf(element: Element, name: 'HTMLInputElement' | 'HTMLTextAreaElement' | 'HTMLSelectElement'): object {
  return (element.ownerDocument.defaultView as (Window & typeof globalThis))[name].prototype;
}
