/** Builds mirrored nodes in the viewer's own document, under the same lists that the recorder keeps; what is not on them is not built. */

import { Field, Kind, Layer, ProtocolError, type NodeContent } from '../protocol';
import { buildableAttribute, cleanCss, DOTS, htmlTag, mathTag, plainCss, svgTag, type CssRules, type Namespace } from '../rules';

const SVG = 'http://www.w3.org/2000/svg';
const MATHML = 'http://www.w3.org/1998/Math/MathML';
export const FRAME = 'balie-frame';
const NONE = 'balie-none';
/** One transparent pixel: an image of which only the size is known. */
const BLANK = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Resolves a recorder's asset reference to an address below our own asset route, or null. */
export type Resolve = (reference: string) => string | null;

export const BASE_CSS = `
${NONE}{display:none!important}
${FRAME}{display:inline-block;overflow:hidden;contain:strict;vertical-align:baseline;border:2px inset}
${FRAME}:where([frameborder='0'],[frameborder=no i]){border:0}
[data-balie=box]{display:inline-block;background:repeating-linear-gradient(45deg,#d7dbe0 0 8px,#e6e9ed 8px 16px)}
[data-balie=choice]{opacity:.5}
img[data-balie=box],canvas[data-balie=box],video[data-balie=box]{display:revert-layer}
`;

export class Builder {
  private readonly document: Document;
  private readonly resolve: Resolve;

  constructor(document: Document, resolve: Resolve) {
    this.document = document;
    this.resolve = resolve;
  }

  /** An element or text; shadow roots and documents are no nodes of their own. */
  node(content: NodeContent): Element | Text {
    const { document } = this;
    switch (content.kind) {
      case Kind.text: return document.createTextNode(content.text);
      case Kind.nothing: return document.createElement(NONE);
      case Kind.box: {
        const box = document.createElement('div');
        box.setAttribute('data-balie', 'box');
        return box;
      }
      default: return this.element(content);
    }
  }

  attribute(element: Element, content: NodeContent, name: string, value: string | null): void {
    const space = spaceOf(content.kind);
    if (value === null) {
      if (name === 'style') (element as HTMLElement).style.cssText = '';
      else element.removeAttribute(name);
      return;
    }
    if (!buildableAttribute(space, content.tag, name, value)) return;
    if (name === 'style') (element as HTMLElement).style.cssText = cleanCss(plainCss(value), this.css());
    else if (name === 'src' || name === 'poster') {
      const address = content.tag === (name === 'src' ? 'img' : 'video') ? this.resolve(value) : null;
      if (address !== null) this.load(element, name, address);
      else if (content.tag === 'img') blank(element);
    } else element.setAttribute(name, name === 'popover' ? 'manual' : value);
  }

  /** What the asset route does not have is a box, not a broken picture. */
  private load(element: Element, name: string, address: string): void {
    if (name === 'src') {
      element.addEventListener('error', () => {
        if (element.getAttribute(name) === address) blank(element);
      }, { once: true });
    }
    element.setAttribute(name, address);
  }

  css(): CssRules {
    const asset = (reference: string): string | null => (isRaster(reference) ? reference : this.resolve(reference));
    return { asset, content: true };
  }

  size(element: HTMLElement, content: NodeContent, width: number, height: number): void {
    const { style } = element;
    style.setProperty('box-sizing', 'border-box', 'important');
    style.setProperty('width', `${Math.min(width, 100_000)}px`, 'important');
    style.setProperty('height', `${Math.min(height, 100_000)}px`, 'important');
    if (content.kind === Kind.html && content.tag !== 'iframe') element.setAttribute('data-balie', 'box');
    if (content.tag === 'img' && !element.hasAttribute('src')) element.setAttribute('src', BLANK);
  }

  private element(content: NodeContent): Element {
    const { document } = this;
    const { kind, tag } = content;
    const allowed = kind === Kind.svg ? svgTag(tag) : kind === Kind.math ? mathTag(tag) : htmlTag(tag);
    if (!allowed) throw new ProtocolError('forbidden_element', tag.slice(0, 40));
    const element =
      kind === Kind.svg ? document.createElementNS(SVG, tag)
      : kind === Kind.math ? document.createElementNS(MATHML, tag)
      : document.createElement(tag === 'iframe' ? FRAME : tag);
    const { attributes } = content;
    for (let i = 0; i < attributes.length; i += 2) this.attribute(element, content, attributes[i]!, attributes[i + 1]!);
    if (/^(?:input|textarea|select)$/.test(tag)) element.setAttribute('autocomplete', 'off');
    return element;
  }
}

function blank(image: Element): void {
  image.setAttribute('data-balie', 'box');
  image.setAttribute('src', BLANK);
}

export function showField(element: Element, state: Field, text: string): void {
  const input = element as HTMLInputElement;
  element.toggleAttribute('data-balie', false);
  if (state === Field.hiddenChoice) return element.setAttribute('data-balie', 'choice');
  if (element.localName === 'select') return showSelect(element as HTMLSelectElement, state, text);
  if (state === Field.on || state === Field.off || state === Field.mixed) {
    input.checked = state === Field.on;
    input.indeterminate = state === Field.mixed;
    return;
  }
  if (input.type === 'file') return;
  const shown = state === Field.dots ? DOTS : state === Field.text ? text : '';
  input.value = shown;
  // A number or date field takes no dots as its value.
  if (shown !== '' && input.value !== shown) input.placeholder = shown;
}

function showSelect(element: HTMLSelectElement, state: Field, text: string): void {
  if (state === Field.options) {
    const chosen = new Set(text.split(','));
    [...element.options].forEach((it, index) => (it.selected = chosen.has(String(index))));
    return;
  }
  const option = element.ownerDocument.createElement('option');
  option.textContent = state === Field.dots ? DOTS : '';
  element.replaceChildren(option);
}

export function showLayer(element: HTMLElement, layer: Layer): void {
  if (element.localName === 'dialog') {
    const dialog = element as HTMLDialogElement;
    if (dialog.open) dialog.close();
    if (layer === Layer.modal) dialog.showModal();
    else if (layer === Layer.open) dialog.show();
  } else if (element.hasAttribute('popover')) {
    if (layer === Layer.popover) element.showPopover();
    else element.hidePopover();
  }
}

export function showPicture(canvas: HTMLCanvasElement, picture: Uint8Array): void {
  void createImageBitmap(new Blob([picture.slice()], { type: 'image/webp' })).then(
    (bitmap) => {
      if (bitmap.width > 8192 || bitmap.height > 8192) return bitmap.close();
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.removeAttribute('data-balie');
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      bitmap.close();
    },
    () => undefined, // no picture: the box stays
  );
}

export const isRaster = (address: string): boolean => address.length < 8192 && /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]*$/i.test(address);

function spaceOf(kind: Kind): Namespace {
  return kind === Kind.svg ? 'svg' : kind === Kind.math ? 'math' : 'html';
}
