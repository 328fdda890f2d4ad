/** What goes wrong on the page while the visitor is there: by kind and number. What an error says, where it happened and what was asked for stay here. */

import { Type, type Fault, type FromVisitor } from '../protocol';
import { maskPatterns } from '../rules';
import type { Guard } from './guard';
import { Region, type Marks } from './marks';
import type { Twin } from './tree';

/** One message in this time at most, however much goes wrong. */
const EVERY_MS = 1_000;
/** What goes wrong together, as fields of one form, is told together. */
const GATHER_MS = 150;
/** More of a page's words is not looked through. */
const READ = 1_000;
/** Elements tell by themselves that they failed; entries of these kinds would count them twice. */
const ELEMENTS: ReadonlySet<string> = new Set(['img', 'image', 'script', 'link', 'video', 'audio', 'track', 'embed', 'object', 'input']);

type FormField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Context {
  of(node: Node): Twin | undefined;
  isOpen(twin: Twin): boolean;
  isProtected(element: Element): boolean;
  /** `off`: nothing of this page is seen now. */
  state(): 'on' | 'picturing' | 'off';
  send(message: FromVisitor): void;
  own: readonly string[];
  marks: Marks;
  guard: Guard;
}

export class Troubles {
  private readonly window: Window;
  private readonly context: Context;
  private readonly stopping = new AbortController();
  private observer: PerformanceObserver | null = null;
  private readonly fields = new Set<Element>();
  private scripts = 0;
  private requests = 0;
  private timer = 0;
  private toldAt = -Infinity;

  constructor(window: Window, context: Context) {
    this.window = window;
    this.context = context;
  }

  start(): void {
    const { window, context } = this;
    const { signal } = this.stopping;
    const { guard } = context;
    window.addEventListener('error', guard((event: ErrorEvent) => {
      // A warning of the browser, and none that anybody meets.
      if (event.isTrusted && event.target === window && !this.isOwn(event.filename) && !event.message.startsWith('ResizeObserver loop')) this.script();
    }), { signal });
    window.addEventListener('unhandledrejection', guard((event: PromiseRejectionEvent) => {
      if (event.isTrusted && !this.isOwn(placeOf(event.reason))) this.script();
    }), { signal });
    // Not every browser says how a request was answered.
    const { PerformanceObserver: Observer } = window as Window & typeof globalThis;
    this.observer = new Observer(guard((list: PerformanceObserverEntryList) => {
      for (const { name, initiatorType, responseStatus } of list.getEntries() as PerformanceResourceTiming[]) {
        if (responseStatus >= 400 && !ELEMENTS.has(initiatorType) && !this.isOwn(name)) this.request();
      }
    }));
    this.observer.observe({ type: 'resource' });
  }

  stop(): void {
    this.stopping.abort();
    this.observer?.disconnect();
    this.forget();
  }

  /** An element could not load what it refers to. */
  failed(element: Element): void {
    const address = (element as HTMLImageElement).currentSrc || (element as HTMLImageElement).src || (element as HTMLLinkElement).href;
    if (!this.context.marks.isQuiet(element) && !this.isOwn(address)) this.request();
  }

  /** The browser found that a field is not right. */
  invalid(element: Element): void {
    if (this.context.state() === 'off') return;
    this.fields.add(element);
    this.soon();
  }

  private script(): void {
    if (this.context.state() === 'off') return;
    this.scripts += 1;
    this.soon();
  }

  private request(): void {
    if (this.context.state() === 'off') return;
    this.requests += 1;
    this.soon();
  }

  private isOwn(address: unknown): boolean {
    return typeof address === 'string' && this.context.own.some((it) => address.startsWith(it));
  }

  private soon(): void {
    if (this.timer !== 0) return;
    const { window } = this;
    const wait = Math.max(GATHER_MS, this.toldAt + EVERY_MS - window.performance.now());
    this.timer = window.setTimeout(this.context.guard(() => this.tell()), wait);
  }

  private forget(): void {
    this.window.clearTimeout(this.timer);
    this.timer = this.scripts = this.requests = 0;
    this.fields.clear();
  }

  /** The form comes first: it is what the visitor is at. */
  private tell(): void {
    this.timer = 0;
    const state = this.context.state();
    if (state === 'off') return this.forget();
    if (state === 'on') {
      this.toldAt = this.window.performance.now();
      const none = { id: 0, fault: 'other', text: '' } as const;
      const send = (message: FromVisitor): void => this.context.send(message);
      const [field] = this.fields;
      if (field) {
        send({ type: Type.trouble, kind: 'form', count: this.fields.size, ...this.about(field as FormField) });
        this.fields.clear();
      } else if (this.scripts > 0) {
        send({ type: Type.trouble, kind: 'script', count: this.scripts, ...none });
        this.scripts = 0;
      } else {
        send({ type: Type.trouble, kind: 'request', count: this.requests, ...none });
        this.requests = 0;
      }
    }
    if (this.fields.size + this.scripts + this.requests > 0) this.soon();
  }

  private about(field: FormField): { id: number; fault: Fault; text: string } {
    const { marks } = this.context;
    const twin = this.context.of(field);
    if (!twin || marks.isQuiet(field) || marks.isQuiet(field, true)) return { id: 0, fault: 'other', text: '' };
    if (marks.mode !== 'view') return { id: twin.id, fault: 'other', text: '' };
    return { id: twin.id, fault: faultOf(field.validity), text: this.textOf(field, twin) };
  }

  /**
   * What the browser shows beside the field. Browsers quote the value in some of their reasons (an e-mail address, the nearest number), so that of a field whose content stays
   * here only two go: that it is empty, and the page's own words, unless those hold the value.
   */
  private textOf(field: FormField, twin: Twin): string {
    if ((twin.region & Region.texts) === 0 || this.context.isProtected(field)) return '';
    const { validity, validationMessage, value } = field;
    if (!this.context.isOpen(twin) && !(validity.customError ? value === '' || !validationMessage.includes(value) : validity.valueMissing && !validity.badInput)) return '';
    return maskPatterns(validationMessage.slice(0, READ)).slice(0, 200);
  }
}

function faultOf(validity: ValidityState): Fault {
  if (validity.customError) return 'message';
  if (validity.badInput || validity.typeMismatch) return 'type';
  if (validity.valueMissing) return 'required';
  if (validity.patternMismatch) return 'pattern';
  if (validity.rangeOverflow || validity.rangeUnderflow || validity.stepMismatch) return 'range';
  return validity.tooLong || validity.tooShort ? 'length' : 'other';
}

/** Where a rejection comes from, as far as it says. */
function placeOf(reason: unknown): string {
  try {
    return /https?:\/\/[^\s)]+/.exec((reason as Error).stack ?? '')?.[0] ?? '';
  } catch {
    return '';
  }
}
