/** Elements whose inside stays with the visitor, or cannot be told by steps: only their size goes along, and what plays or is open. */

import { Kind, Layer, Media, type Ops } from '../protocol';
import type { Marks } from './marks';
import type { Twin } from './tree';

const SIZED = new Set(['img', 'canvas', 'video', 'audio', 'iframe']);
const PICTURE_MS = 500;

export class Boxes {
  readonly changed = new Set<Twin>();
  private readonly twins = new Map<Element, Twin>();
  private readonly observer: ResizeObserver;
  private readonly marks: Marks;
  private pictures = new Map<Twin, number>();

  constructor(marks: Marks, noticed: () => void) {
    this.marks = marks;
    this.observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const twin = this.twins.get(target);
        if (twin) this.changed.add(twin);
      }
      noticed();
    });
  }

  joined(twin: Twin, ops: Ops): void {
    const element = twin.node as HTMLElement;
    const sized = twin.kind === Kind.box || (twin.kind === Kind.html && SIZED.has(twin.tag) && !twin.attributes.includes('src'));
    if (sized) {
      this.twins.set(element, twin);
      this.observer.observe(element);
    }
    if (twin.tag === 'canvas' && twin.kind === Kind.html && this.marks.showsCanvas(element)) this.pictures.set(twin, 0);
    this.tell(twin, ops);
  }

  /** All of an element that steps do not tell. */
  tell(twin: Twin, ops: Ops): void {
    const element = twin.node as HTMLElement;
    if (this.twins.get(element) === twin) this.size(twin, ops);
    if (twin.kind !== Kind.html) return;
    if (twin.tag === 'dialog' || element.hasAttribute('popover')) this.layer(twin, ops);
    if (twin.tag === 'video' || twin.tag === 'audio') this.media(twin, ops);
    if (this.pictures.has(twin)) this.pictures.set(twin, 0);
  }

  left(twin: Twin): void {
    if (this.twins.get(twin.node as Element) !== twin) return;
    this.observer.unobserve(twin.node as Element);
    this.twins.delete(twin.node as Element);
    this.changed.delete(twin);
    this.pictures.delete(twin);
  }

  write(ops: Ops): void {
    for (const twin of this.changed) if (twin.live) this.size(twin, ops);
    this.changed.clear();
  }

  layer(twin: Twin, ops: Ops): void {
    ops.layer(twin.id, layerOf(twin.node as HTMLElement));
  }

  media(twin: Twin, ops: Ops): void {
    const { paused, muted, ended, currentTime } = twin.node as HTMLMediaElement;
    ops.media(twin.id, (paused ? 0 : Media.playing) | (muted ? Media.muted : 0) | (ended ? Media.ended : 0), Math.min(4_000_000, Math.floor(currentTime)));
  }

  /** Pictures of the canvases that the policy opened, at most two a second each. */
  paint(now: number, done: (twin: Twin, picture: Uint8Array) => void): void {
    for (const [twin, last] of this.pictures) {
      if (now - last < PICTURE_MS || twin.region === 0) continue;
      this.pictures.set(twin, now);
      try {
        (twin.node as HTMLCanvasElement).toBlob((blob) => {
          if (blob && blob.size < 500_000) void blob.arrayBuffer().then((it) => done(twin, new Uint8Array(it)));
        }, 'image/webp', 0.7);
      } catch {
        this.pictures.delete(twin); // drawn from another site's image
      }
    }
  }

  stop(): void {
    this.observer.disconnect();
    this.twins.clear();
    this.pictures.clear();
    this.changed.clear();
  }

  private size(twin: Twin, ops: Ops): void {
    const element = twin.node as HTMLElement;
    // Layout size, without transforms: those come along as styles.
    const rect = typeof element.offsetWidth === 'number' ? { width: element.offsetWidth, height: element.offsetHeight } : (twin.node as Element).getBoundingClientRect();
    ops.box(twin.id, Math.round(rect.width), Math.round(rect.height));
  }
}

function layerOf(element: HTMLElement): Layer {
  if (element.hasAttribute('popover') && element.matches(':popover-open')) return Layer.popover;
  if (element.localName !== 'dialog' || !(element as HTMLDialogElement).open) return Layer.closed;
  return element.matches(':modal') ? Layer.modal : Layer.open;
}
