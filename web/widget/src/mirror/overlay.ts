/** What the agent points at, drawn over the page: their pointer, a ring around a part, strokes that fade, a flash before an act. */

import { MousePointer2 } from 'lucide';
import { Type, type Draw, type Highlight, type PointAt } from '@balie/cobrowse';
import { drawIcon, make } from '../look/dom';

const HAND_MS = 3_000;
const STROKE_MS = 3_000;
const FADE_MS = 600;
const FLASH_MS = 450;
/** So many strokes at once; the oldest make room. */
const STROKES = 60;
const RING_PX = 6;
const SVG = 'http://www.w3.org/2000/svg';

interface Stroke {
  element: Element;
  group: SVGGElement;
}

export interface Overlay {
  guided(message: PointAt | Highlight | Draw, element: Element | null): void;
  /** Resolves when the visitor had time to see what is about to be touched. */
  flash(element: Element): Promise<void>;
  clear(): void;
  remove(): void;
}

export function createOverlay(layer: HTMLElement, name: () => string): Overlay {
  const whose = make('span', '');
  const hand = make('div', 'look-hand', drawIcon(MousePointer2), whose);
  const ring = make('div', 'look-ring');
  const strokesBox = document.createElementNS(SVG, 'svg');
  strokesBox.setAttribute('class', 'look-strokes');
  strokesBox.setAttribute('aria-hidden', 'true');
  hand.ariaHidden = 'true';
  hand.hidden = ring.hidden = true;
  layer.prepend(strokesBox, ring, hand);
  let ringed: Element | null = null;
  let strokes: Stroke[] = [];
  let handTimer: ReturnType<typeof setTimeout> | undefined;
  let running = 0;

  /** Bound to the page's elements: looks where they are once a painted frame, and only while there is something to bind. */
  function follow(): void {
    running = 0;
    if (ringed && !ringed.isConnected) {
      ringed = null;
      ring.hidden = true;
    }
    if (ringed) enclose(ring, ringed);
    strokes = strokes.filter(({ element, group }) => {
      if (!group.isConnected) return false;
      if (element.isConnected) {
        const { left, top } = placeOf(element);
        group.setAttribute('transform', `translate(${Math.round(left)} ${Math.round(top)})`);
      } else group.remove();
      return element.isConnected;
    });
    if (ringed || strokes.length > 0) soon();
  }

  function soon(): void {
    running ||= requestAnimationFrame(follow);
  }

  function point({ x, y }: PointAt): void {
    clearTimeout(handTimer);
    // (−1, −1): the agent's pointer left.
    if (x < 0 && y < 0) return hand.classList.add('gone');
    if (whose.textContent !== name()) whose.textContent = name();
    hand.hidden = false;
    hand.classList.remove('gone');
    const flip = x > innerWidth - 200;
    hand.classList.toggle('flip', flip);
    hand.style.transform = `translate(${Math.min(Math.max(x, 0), innerWidth - 8)}px, ${Math.min(Math.max(y, 0), innerHeight - 8)}px)${flip ? ' translateX(calc(20px - 100%))' : ''}`;
    handTimer = setTimeout(() => hand.classList.add('gone'), HAND_MS);
  }

  function draw(element: Element, points: readonly number[]): void {
    if (points.length < 4) return;
    const group = document.createElementNS(SVG, 'g');
    const steps = Array.from({ length: points.length >> 1 }, (_, i) => `${points[2 * i] ?? 0} ${points[2 * i + 1] ?? 0}`);
    for (const kind of ['halo', '']) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('d', `M${steps.join('L')}`);
      if (kind) path.setAttribute('class', kind);
      group.append(path);
    }
    strokesBox.append(group);
    while (strokesBox.childElementCount > STROKES) strokesBox.firstElementChild?.remove();
    strokes.push({ element, group });
    setTimeout(() => {
      for (const path of group.children) path.classList.add('gone');
      setTimeout(() => group.remove(), FADE_MS);
    }, STROKE_MS);
    soon();
  }

  function clear(): void {
    hand.hidden = ring.hidden = true;
    ringed = null;
    strokesBox.replaceChildren();
    strokes = [];
  }

  return {
    guided(message, element) {
      if (message.type === Type.pointAt) return point(message);
      if (message.type === Type.draw) return element ? draw(element, message.points) : undefined;
      ringed = element;
      ring.hidden = element === null;
      if (element) soon();
    },
    async flash(element) {
      const flash = make('div', 'look-ring flash');
      enclose(flash, element);
      layer.append(flash);
      await new Promise((resolve) => setTimeout(resolve, FLASH_MS));
      flash.remove();
    },
    clear,
    remove() {
      clear();
      cancelAnimationFrame(running);
      clearTimeout(handTimer);
      for (const it of [strokesBox, ring, hand]) it.remove();
    },
  };
}

function enclose(ring: HTMLElement, element: Element): void {
  const { left, top, width, height } = placeOf(element);
  ring.classList.toggle('gone', width === 0 && height === 0);
  ring.style.transform = `translate(${Math.round(left - RING_PX)}px, ${Math.round(top - RING_PX)}px)`;
  ring.style.width = `${Math.round(width + 2 * RING_PX)}px`;
  ring.style.height = `${Math.round(height + 2 * RING_PX)}px`;
}

/** Where it is in the window, through the frames around it. */
function placeOf(element: Element): { left: number; top: number; width: number; height: number } {
  let { left, top } = element.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  for (let view = element.ownerDocument.defaultView; view?.frameElement; view = view.frameElement.ownerDocument.defaultView) {
    const frame = view.frameElement;
    const outer = frame.getBoundingClientRect();
    left += outer.left + frame.clientLeft;
    top += outer.top + frame.clientTop;
  }
  return { left, top, width, height };
}
