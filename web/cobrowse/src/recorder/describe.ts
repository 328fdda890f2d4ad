/** One node of the page → what the agent may know of it. Every way out of the page goes through here, `fields` and `sheets`. */

import { Kind, type NodeContent } from '../protocol';
import {
  cleanCss, cover, forbidden, FRAGMENT, htmlTag, isPlainName, LABELS, maskPatterns, mathTag, Mentioned, plainAttribute, svgTag, DOTS, type CssRules, type Policy,
} from '../rules';
import { OWN_WINDOW, Region, type Marks } from './marks';
import type { Sprites } from './sprites';

const SVG = 'http://www.w3.org/2000/svg';
const MATHML = 'http://www.w3.org/1998/Math/MathML';
/** Texts up to this length are read together with their neighbours: a number may be spread over several elements. */
const SPREAD = 80;
const DEEPEST = 256;
const NAMED = /^[\w-]{1,40}$/;

/** What may be loaded at the agent's side. Answers a reference for the viewer, or null: then nothing but the size is told. */
export type AssetRoute = (address: string, use: 'image' | 'font') => string | null;

const NOTHING: NodeContent = { kind: Kind.nothing, tag: '', attributes: [], text: '' };
const BOX: NodeContent = { kind: Kind.box, tag: 'div', attributes: [], text: '' };

export class Describer {
  readonly mentioned = new Mentioned();
  /** Some sheet cannot be read, so that nobody knows which names it asks for. */
  unreadable = false;
  /** What stands in elements, as found in this slice. */
  private readonly spread = new Map<Node, 'none' | 'forbidden' | 'too_large'>();
  private readonly policy: Policy;
  private readonly marks: Marks;
  private readonly assets: AssetRoute;
  private readonly sprites: Sprites;

  constructor(policy: Policy, marks: Marks, assets: AssetRoute, sprites: Sprites) {
    this.policy = policy;
    this.marks = marks;
    this.assets = assets;
    this.sprites = sprites;
  }

  /** The page had its turn: what was found in it may be different now. */
  again(): void {
    this.spread.clear();
  }

  /** `null` for nodes that are not mirrored at all, such as comments. */
  describe(node: Node, region: number, depth: number): NodeContent | null {
    if (node.nodeType === 1) return depth > DEEPEST ? NOTHING : this.element(node as Element, region);
    if (node.nodeType === 3 || node.nodeType === 4) return { kind: Kind.text, tag: '', attributes: [], text: this.text(node as Text, region) };
    if (node.nodeType === 9) return { kind: Kind.document, tag: '', attributes: [], text: '' };
    if (node.nodeType === 11) return { kind: Kind.shadow, tag: '', attributes: [], text: '' };
    return null;
  }

  text(node: Text, region: number): string {
    const text = whole(node.data);
    if (!/\S/.test(text)) return region & Region.texts ? text : ' ';
    if (!(region & Region.texts)) return DOTS;
    if (!/\d/.test(text)) return text;
    return this.coverSpread(node, maskPatterns(text));
  }

  /** A page's label as the policy lets it be seen, or null. */
  label(text: string, region: number): string | null {
    return this.policy.labels && region & Region.texts ? maskPatterns(text.slice(0, 500).replace(/\p{Surrogate}/gu, '')) : null;
  }

  attributes(element: Element, region: number): string[] {
    const space = element.namespaceURI === SVG ? 'svg' : element.namespaceURI === MATHML ? 'math' : 'html';
    const tag = element.localName;
    const pairs: string[] = [];
    // By name: the map of attributes makes an object for each.
    for (const name of element.getAttributeNames()) {
      const value = element.getAttribute(name);
      if (value === null) continue;
      const shown = this.attribute(element, space, tag, name, value, region);
      if (shown !== null) pairs.push(name === 'xlink:href' ? 'href' : name, shown);
    }
    if (tag === 'img' && region & Region.texts) {
      const { currentSrc, src } = element as HTMLImageElement;
      const reference = this.asset(currentSrc || src, 'image');
      if (reference !== null) pairs.push('src', reference);
    }
    return pairs;
  }

  /** The rules for a style sheet, or for inline styles, whose addresses are relative to `base`. */
  css(base: string, inline: boolean): CssRules {
    const asset = (address: string, use: 'image' | 'font'): string | null => {
      if (/^data:/i.test(address)) return !inline && address.length < 8192 && /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]*$/i.test(address) ? address : null;
      try {
        return this.asset(new URL(address, base).href, use);
      } catch {
        return null;
      }
    };
    return { asset, content: this.policy.cssContent, inline };
  }

  private element(element: Element, region: number): NodeContent {
    const tag = element.localName;
    const space = element.namespaceURI;
    if (tag === OWN_WINDOW) return NOTHING;
    if (this.marks.isBlocked(element)) return BOX;
    const attributes = (): string[] => this.attributes(element, region);
    if (space === SVG) return svgTag(tag) ? { kind: Kind.svg, tag, attributes: attributes(), text: '' } : NOTHING;
    if (space === MATHML) return mathTag(tag) ? { kind: Kind.math, tag, attributes: attributes(), text: '' } : NOTHING;
    if (!htmlTag(tag) || isHidden(element, tag)) return NOTHING;
    if (this.marks.mode === 'view-without-fields' && /^(?:input|textarea|select)$/.test(tag)) return BOX;
    return { kind: Kind.html, tag, attributes: attributes(), text: '' };
  }

  private attribute(element: Element, space: 'html' | 'svg' | 'math', tag: string, name: string, value: string, region: number): string | null {
    if (name === 'class') return this.classes(value);
    if (name === 'id') return (space === 'svg' || this.unreadable || this.mentioned.ids.has(value)) && isPlainName(value) ? value : null;
    if (name === 'style') return cleanCss((element as HTMLElement).style.cssText, this.css(element.baseURI, true));
    if (name === 'href' || name === 'xlink:href') {
      if (space === 'svg' && tag !== 'a') {
        if (FRAGMENT.test(value)) return value;
        return tag === 'use' && region & Region.texts ? this.sprites.reference(element, value) : null;
      }
      return tag === 'a' || tag === 'area' ? '#' : null;
    }
    if (name === 'poster') return region & Region.texts ? this.asset((element as HTMLVideoElement).poster, 'image') : null;
    if (name === 'slot') return NAMED.test(value) && element.parentElement?.shadowRoot?.querySelector(`slot[name="${value}"]`) ? value : null;
    if (name === 'part') return this.named(value, (it) => this.mentioned.parts.has(it));
    // What a slider says is its value.
    if (name === 'aria-valuetext' && !(region & Region.fields)) return null;
    if (LABELS.has(name)) return this.label(value, region);
    if (name.startsWith('data-')) return this.data(name, value);
    if (name === 'open' && tag === 'dialog') return null;
    if (name === 'value' && tag !== 'li' && !(region & Region.texts)) return null;
    return plainAttribute(space, tag, name, value) ? value : null;
  }

  /** Names that no style sheet asks for change nothing that can be seen. */
  private classes(value: string): string | null {
    return this.named(value, (it) => (this.unreadable ? isPlainName(it) : this.mentioned.classes.has(it)));
  }

  private named(value: string, known: (name: string) => boolean): string | null {
    const kept = value.split(/\s+/).filter((it) => it !== '' && known(it));
    return kept.length > 0 ? kept.join(' ') : null;
  }

  private data(name: string, value: string): string | null {
    const asked = this.mentioned.data.get(name);
    if (!asked || name.startsWith('data-balie-')) return null;
    return asked.has(value) ? value : '';
  }

  /** Covers the digits of a text whose neighbours complete them to a forbidden number. */
  private coverSpread(node: Text, text: string): string {
    let around: Node | null = node.parentNode;
    for (let up = 0; up < 3 && around?.nodeType === 1; up++, around = around.parentNode) {
      let found = this.spread.get(around);
      if (found === undefined) this.spread.set(around, (found = spreadIn(around)));
      if (found === 'too_large') return text;
      if (found === 'forbidden') return cover(text, [...text.matchAll(/\d+/g)].map((it): [number, number] => [it.index, it.index + it[0].length]));
      // The cells of a row are numbers of their own.
      if (/^t[dh]$/.test((around as Element).localName)) return text;
    }
    return text;
  }

  private asset(address: string, use: 'image' | 'font'): string | null {
    return /^https?:/i.test(address) ? this.assets(address, use) : null;
  }
}

/** Hidden inputs, and options of a datalist, are there for programs only. */
function isHidden(element: Element, tag: string): boolean {
  return tag === 'input' && element.getAttribute('type')?.toLowerCase() === 'hidden';
}

/** Whether the texts in an element make a forbidden number together. */
function spreadIn(around: Node): 'none' | 'forbidden' | 'too_large' {
  if (around.childNodes.length > 40) return 'too_large';
  const together = around.textContent ?? '';
  if (together.length > SPREAD) return 'too_large';
  return forbidden(together).length > 0 ? 'forbidden' : 'none';
}

/** Without halves of characters, which no bytes can carry. */
function whole(text: string): string {
  return (text as { isWellFormed?: () => boolean }).isWellFormed?.() ? text : text.replace(/\p{Surrogate}/gu, '\ufffd');
}
