/** From the pane to the visitor's page and back. Pure; all in CSS pixels. */
import type { Place } from '@balie/cobrowse/applier';

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** How far the copy (`x`, `y`) and the visitor's page are scrolled. */
export interface View extends Point {
  visitorX: number;
  visitorY: number;
}

/** The copy is never enlarged: letters would look softer than they are. */
export function fit(page: Size, room: Size): number {
  if (page.width <= 0 || page.height <= 0 || room.width <= 0 || room.height <= 0) return 1;
  return Math.min(1, room.width / page.width, room.height / page.height);
}

/** A point of the copy as a point of the visitor's window. */
export function toVisitor({ x, y }: Point, view: View): Point {
  return { x: Math.round(x + view.x - view.visitorX), y: Math.round(y + view.y - view.visitorY) };
}

export function toCopy({ x, y }: Point, view: View): Point {
  return { x: x - view.x + view.visitorX, y: y - view.y + view.visitorY };
}

/** What the visitor has in sight, in the copy: their window, or the part of it they zoomed in on. */
export function sight(page: Size, zoom: { scale: number; x: number; y: number }, view: View): Place {
  const at = toCopy({ x: zoom.x, y: zoom.y }, view);
  const scale = Math.max(1, zoom.scale / 100);
  return { ...at, width: page.width / scale, height: page.height / scale };
}

export function isInside({ x, y }: Point, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** Where the label of a frame fits. Above and from the left, unless the edge of the page would cut it. */
export interface LabelSide {
  /** `below` the frame, or `within` one that is as high as the page. */
  below: 'below' | 'within' | null;
  right: boolean;
}

/** In pixels of the screen. */
const LABEL = { width: 246, height: 26 };

export function labelSide({ x, y, width, height }: Place, page: Size, scale: number): LabelSide {
  const room = { above: y * scale, under: (page.height - y - height) * scale };
  const below = room.above >= LABEL.height ? null : room.under >= LABEL.height ? 'below' : 'within';
  return { below, right: (page.width - x) * scale < LABEL.width && (x + width) * scale >= LABEL.width };
}

/** Points behind each other as offsets from a corner, for the wire. */
export function offsets(points: readonly Point[], corner: Point): number[] {
  return points.flatMap(({ x, y }) => [Math.round(x - corner.x), Math.round(y - corner.y)]);
}

export function centre({ x, y, width, height }: Place): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
