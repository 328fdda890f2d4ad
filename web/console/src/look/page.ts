/** What is told of the visitor's page around its picture. Pure. */
import { type FromVisitor, Type } from '@balie/cobrowse';
import type { Point } from './geometry';

export interface PageShown {
  width: number;
  height: number;
  /** In hundredths, and where: the part of the page that a phone zoomed in on. */
  zoom: { scale: number; x: number; y: number };
  /** Without query and hash. */
  address: string;
  title: string;
  quirks: boolean;
}

export interface Pointer extends Point {
  touch: boolean;
  /** Counts, so that each tap is drawn anew. */
  n: number;
}

export const NO_PAGE: PageShown = { width: 1280, height: 800, zoom: { scale: 100, x: 0, y: 0 }, address: '', title: '', quirks: false };

export function pageAfter(page: PageShown, message: FromVisitor): PageShown {
  switch (message.type) {
    case Type.snapshotBegin: {
      const { width, height, address, quirks } = message;
      return { ...page, width, height, address, quirks, title: address === page.address ? page.title : '' };
    }
    case Type.page:
      return { ...page, address: message.address, title: message.title };
    case Type.viewport: {
      const { width, height, scale, x, y } = message;
      return { ...page, width, height, zoom: { scale, x, y } };
    }
    default:
      return page;
  }
}

/** Host and path, as people read addresses. */
export function partsOf(address: string): { host: string; path: string } {
  try {
    const url = new URL(address);
    return { host: url.host, path: decodeURI(url.pathname) };
  } catch {
    return { host: address, path: '' };
  }
}
