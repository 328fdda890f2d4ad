/** One epoch's tree in the viewer: plays the recorder's steps onto real nodes, and can tell whether both still agree. */

import {
  changed, Digest, END, Field, hashContent, isElement, Kind, Media, ProtocolError, START, type AttributeChange, type Layer, type NodeContent, type Ops, type Pairs,
} from '../protocol';
import { Builder, showField, showLayer, showPicture, type Resolve } from './build';
import { ViewerSheets } from './sheets';

/** A page larger than this is refused (as the recorder's depth is bounded, so is ours). */
const MOST_NODES = 250_000;
const DEEPEST = 260;

interface Built {
  id: number;
  content: NodeContent;
  attributes: Pairs;
  text: string;
  field: string;
  depth: number;
  /** Where its children stand. */
  node: Node;
  box: [number, number] | null;
}

export class Mirror implements Ops {
  private readonly document: Document;
  private readonly builder: Builder;
  readonly sheetSet: ViewerSheets;
  private readonly byId = new Map<number, Built>();
  private readonly byNode = new WeakMap<Node, Built>();
  private readonly stage: DocumentFragment;
  private onStage: (() => void)[] | null = [];
  private topSheets: readonly number[] = [];
  private readonly selects = new Map<Built, string>();

  constructor(document: Document, resolve: Resolve, texts: Map<string, string>, missing: (hash: string) => void) {
    this.document = document;
    this.builder = new Builder(document, resolve);
    this.sheetSet = new ViewerSheets(this.builder, texts, missing);
    this.stage = document.createDocumentFragment();
    this.keep(1, { kind: Kind.document, tag: '', attributes: [], text: '' }, this.stage, 0);
  }

  get size(): number {
    return this.byId.size;
  }

  /** The tree becomes the viewer's document; from here on steps show at once. */
  show(): void {
    const html = this.stage.firstElementChild;
    if (!html) throw new ProtocolError('no_document');
    this.document.documentElement.replaceWith(html);
    this.byId.get(1)!.node = this.document;
    this.sheetSet.dress(this.document, this.topSheets);
    const waiting = this.onStage ?? [];
    this.onStage = null;
    for (const it of waiting) it();
  }

  /** After the last step of a frame. */
  settle(): void {
    for (const [{ node }, text] of this.selects) showField(node as Element, Field.options, text);
    this.selects.clear();
  }

  idOf(node: Node | null): number {
    for (let at = node; at; at = at.parentNode ?? (at as Partial<ShadowRoot>).host ?? null) {
      const built = this.byNode.get(at);
      if (built) return built.id;
    }
    return 0;
  }

  nodeOf(id: number): Node | undefined {
    return this.byId.get(id)?.node;
  }

  add(parent: number, after: number, first: number, nodes: readonly NodeContent[]): void {
    const above = this.get(parent);
    if (this.byId.size + nodes.length > MOST_NODES) throw new ProtocolError('too_many_nodes');
    if (above.depth >= DEEPEST) throw new ProtocolError('too_deep');
    let last = after;
    if (above.content.tag === 'select' || above.content.tag === 'optgroup') this.choices(above);
    nodes.forEach((content, index) => {
      this.addOne(above, last, first + index, content);
      last = last === END ? END : first + index;
    });
  }

  remove(id: number): void {
    const built = this.get(id);
    if (id === 1) throw new ProtocolError('no_root');
    this.forget(built);
    if (built.content.kind === Kind.document || built.content.kind === Kind.shadow) (built.node as ShadowRoot).replaceChildren();
    else built.node.parentNode?.removeChild(built.node);
  }

  move(id: number, parent: number, after: number): void {
    const built = this.get(id);
    if (!isElement(built.content.kind) && built.content.kind !== Kind.text && built.content.kind !== Kind.nothing) throw new ProtocolError('not_movable');
    this.insert(this.get(parent), after, built.node);
  }

  attributes(id: number, changes: readonly AttributeChange[]): void {
    const built = this.get(id);
    if (!isElement(built.content.kind)) throw new ProtocolError('no_element', String(id));
    for (const [name, value] of changes) this.builder.attribute(built.node as Element, built.content, name, value);
    built.attributes = changed(built.attributes, changes);
    if (built.box && changes.some(([name]) => name === 'style' || name === 'src')) this.box(id, ...built.box);
  }

  text(id: number, text: string): void {
    const built = this.get(id);
    if (built.content.kind !== Kind.text) throw new ProtocolError('no_text', String(id));
    (built.node as Text).data = text;
    built.text = text;
  }

  field(id: number, state: Field, text: string): void {
    const built = this.html(id);
    if (!/^(?:input|textarea|select)$/.test(built.content.tag)) throw new ProtocolError('no_field', String(id));
    built.field = `${state}${text}`;
    // A select's options come after it.
    if (state === Field.options) this.selects.set(built, text);
    else showField(built.node as Element, state, text);
  }

  box(id: number, width: number, height: number): void {
    const built = this.get(id);
    if (!isElement(built.content.kind)) throw new ProtocolError('no_element', String(id));
    built.box = [width, height];
    const node = built.node as HTMLElement;
    if (built.content.kind === Kind.html && built.attributes.includes('src')) return;
    this.builder.size(node, built.content, width, height);
  }

  layer(id: number, layer: Layer): void {
    const { node } = this.html(id);
    this.whenShown(() => {
      if (node.isConnected) showLayer(node as HTMLElement, layer);
    });
  }

  media(id: number, flags: number, at_s: number): void {
    const state = flags & Media.ended ? 'ended' : flags & Media.playing ? 'playing' : 'paused';
    (this.html(id).node as Element).setAttribute('data-balie-media', `${state}${flags & Media.muted ? ' muted' : ''} ${at_s} s`);
  }

  sheet(sheet: number, hash: string, media: string, disabled: boolean): void {
    this.sheetSet.define(sheet, hash, media, disabled);
  }

  sheets(root: number, sheets: readonly number[]): void {
    const { node } = this.get(root);
    if (root !== 1) this.sheetSet.dress(node as ShadowRoot, sheets);
    else if (this.onStage) this.topSheets = sheets;
    else this.sheetSet.dress(this.document, sheets);
  }

  rules(sheet: number, at: number, removed: number, texts: readonly string[]): void {
    this.sheetSet.splice(sheet, at, removed, texts);
  }

  canvas(id: number, picture: Uint8Array): void {
    const { node, content } = this.html(id);
    if (content.tag !== 'canvas') throw new ProtocolError('no_canvas', String(id));
    showPicture(node as HTMLCanvasElement, picture);
  }

  scroll(id: number, x: number, y: number): void {
    const built = this.byId.get(id);
    if (!built) return;
    // In a frame it is the frame that scrolls: its document has no window of its own here.
    const scrolling = built.content.kind === Kind.document ? (id === 1 ? this.document.documentElement : (built.node as ShadowRoot).host) : (built.node as Element);
    scrolling.scrollTo({ left: x, top: y, behavior: 'instant' });
  }

  /** Over what really stands in the document, in its real order. */
  digest(): Digest {
    const digest = new Digest();
    const walk = (built: Built): void => {
      digest.enter(built.id, hashContent({ ...built.content, attributes: built.attributes, text: built.content.kind === Kind.text ? (built.node as Text).data : '' }, built.field));
      for (const kid of this.kidsOf(built)) walk(kid);
      digest.leave();
    };
    walk(this.get(1));
    return digest;
  }

  /** New options stand under the choice that was told before them. */
  private choices(above: Built): void {
    const select = this.byNode.get((above.node as Element).closest('select') ?? above.node);
    if (select?.field.startsWith(String(Field.options))) this.selects.set(select, select.field.slice(1));
  }

  private addOne(above: Built, after: number, id: number, content: NodeContent): void {
    if (this.byId.has(id) || id === 0) throw new ProtocolError('repeated_id', String(id));
    if (content.kind === Kind.shadow || content.kind === Kind.document) {
      const host = above.node;
      if (host.nodeType !== 1) throw new ProtocolError('no_host');
      const root = (host as Element).shadowRoot ?? (host as Element).attachShadow({ mode: 'open' });
      this.keep(id, content, root, above.depth + 1);
      this.sheetSet.dress(root, []);
      return;
    }
    if (above.id === 1 && content.tag !== 'html') throw new ProtocolError('no_html');
    const node = this.builder.node(content);
    this.keep(id, content, node, above.depth + 1);
    this.insert(above, after, node);
  }

  private insert(above: Built, after: number, node: Node): void {
    const parent = above.node;
    const before = after === END ? null : after === START ? parent.firstChild : this.follower(above, this.get(after));
    try {
      parent.insertBefore(node, before);
    } catch (error) {
      throw new ProtocolError('bad_place', error instanceof Error ? error.name : '');
    }
  }

  private follower(above: Built, after: Built): Node | null {
    const { kind } = after.content;
    if (kind === Kind.shadow || kind === Kind.document) return above.node.firstChild;
    if (after.node.parentNode !== above.node) throw new ProtocolError('bad_place', 'no sibling');
    return after.node.nextSibling;
  }

  private kidsOf(built: Built): Built[] {
    const kids: Built[] = [];
    const shadow = built.node.nodeType === 1 ? (built.node as Element).shadowRoot : null;
    const inner = shadow && this.byNode.get(shadow);
    if (inner) kids.push(inner);
    for (let child = built.node.firstChild; child; child = child.nextSibling) {
      const kid = this.byNode.get(child);
      if (kid) kids.push(kid);
    }
    return kids;
  }

  private keep(id: number, content: NodeContent, node: Node, depth: number): void {
    const built: Built = { id, content, attributes: content.attributes, text: content.text, field: '', depth, node, box: null };
    this.byId.set(id, built);
    this.byNode.set(node, built);
    if (id === 1) this.byNode.set(this.document, built);
  }

  private forget(built: Built): void {
    for (const kid of this.kidsOf(built)) this.forget(kid);
    this.byId.delete(built.id);
    this.byNode.delete(built.node);
  }

  private get(id: number): Built {
    const built = this.byId.get(id);
    if (!built) throw new ProtocolError('unknown_node', String(id));
    return built;
  }

  private html(id: number): Built {
    const built = this.get(id);
    if (built.content.kind !== Kind.html) throw new ProtocolError('no_element', String(id));
    return built;
  }

  private whenShown(work: () => void): void {
    if (this.onStage) this.onStage.push(work);
    else work();
  }
}
