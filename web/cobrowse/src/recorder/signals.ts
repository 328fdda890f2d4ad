/** What is worth telling now or not at all: pointer, scroll positions, focus, viewport. */

import { Type, type FromVisitor } from '../protocol';
import type { Guard } from './guard';
import { frameOf } from './marks';

const POINTER_MS = 33;
const SCROLL_MS = 50;

export interface Told {
  idOf(node: Node): number | undefined;
  isQuiet(node: Node | null): boolean;
  isBusy(): boolean;
  /** The agent has the page that these are about. */
  isReady(): boolean;
  send(message: FromVisitor): void;
  guard: Guard;
}

export class Signals {
  /** When the visitor last pressed or typed themselves. */
  touchedAt = -Infinity;
  private readonly window: Window;
  private readonly told: Told;
  private readonly stopping = new AbortController();
  private readonly scrolledNodes = new Set<Node>();
  private point: { x: number; y: number; touch: boolean } | null = null;
  private pointTimer = 0;
  private scrollTimer = 0;

  constructor(window: Window, told: Told) {
    this.window = window;
    this.told = told;
  }

  start(): void {
    const { window } = this;
    const options = { capture: true, passive: true, signal: this.stopping.signal };
    const touched = (event: Event): void => {
      if (event.isTrusted) this.touchedAt = window.performance.now();
    };
    for (const name of ['pointerdown', 'keydown', 'wheel', 'touchstart']) window.addEventListener(name, touched, options);
    const resized = this.told.guard(() => this.viewport());
    window.addEventListener('resize', resized, options);
    window.visualViewport?.addEventListener('resize', resized, options);
    window.visualViewport?.addEventListener('scroll', resized, options);
  }

  stop(): void {
    this.stopping.abort();
    this.window.clearTimeout(this.pointTimer);
    this.window.clearTimeout(this.scrollTimer);
  }

  /** After a snapshot: where everything stands. */
  tellAll(): void {
    this.viewport();
    this.scrolledNodes.add(this.window.document);
    this.tellScrolled();
    this.focused(this.window.document.activeElement);
  }

  scrolled(node: Node): void {
    this.scrolledNodes.add(node);
    if (this.scrollTimer === 0) this.scrollTimer = this.window.setTimeout(this.told.guard(() => this.tellScrolled()), this.told.isBusy() ? 4 * SCROLL_MS : SCROLL_MS);
  }

  focused(node: Node | null): void {
    const id = node && node.nodeType === 1 && !this.told.isQuiet(node) ? this.told.idOf(node) : undefined;
    this.told.send({ type: Type.focus, id: id ?? 0 });
  }

  pointed(event: PointerEvent): void {
    const target = (event.composedPath()[0] ?? null) as Node | null;
    if (!target || this.told.isQuiet(target)) {
      this.point = null;
      return;
    }
    const { x, y } = toTop(event.clientX, event.clientY, target.nodeType === 9 ? (target as Document) : target.ownerDocument!);
    this.point = { x: Math.round(x), y: Math.round(y), touch: event.pointerType === 'touch' };
    if (this.pointTimer === 0) this.pointTimer = this.window.setTimeout(this.told.guard(() => this.tellPoint()), POINTER_MS);
  }

  private tellPoint(): void {
    this.pointTimer = 0;
    if (this.point && !this.told.isBusy()) this.told.send({ type: Type.pointer, ...this.point });
    this.point = null;
  }

  private tellScrolled(): void {
    this.window.clearTimeout(this.scrollTimer);
    this.scrollTimer = 0;
    if (!this.told.isReady()) return;
    for (const node of this.scrolledNodes) {
      const id = this.told.idOf(node);
      if (id === undefined || this.told.isQuiet(node)) continue;
      const element = node.nodeType === 9 ? (node as Document).scrollingElement : (node as Element);
      if (element) this.told.send({ type: Type.scroll, id, x: element.scrollLeft, y: element.scrollTop });
    }
    this.scrolledNodes.clear();
  }

  private viewport(): void {
    const { innerWidth: width, innerHeight: height, visualViewport: visual } = this.window;
    this.told.send({
      type: Type.viewport, width, height, scale: Math.round((visual?.scale ?? 1) * 100), x: Math.round(visual?.offsetLeft ?? 0), y: Math.round(visual?.offsetTop ?? 0),
    });
  }
}

/** A point in a frame's viewport → in that of the page. */
export function toTop(x: number, y: number, document: Document): { x: number; y: number } {
  const frame = frameOf(document);
  if (!frame) return { x, y };
  const { left, top } = frame.getBoundingClientRect();
  return toTop(x + left + frame.clientLeft, y + top + frame.clientTop, frame.ownerDocument);
}
