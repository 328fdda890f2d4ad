/**
 * Makes the agent's tree equal to the page: compares the children of one node at a time with what was last sent, and stops when its time
 * is over. A snapshot is the same work as a change, only more of it; so nothing that happens between two slices can get lost.
 */

import { changed, difference, END, isElement, Kind, START, type Ops } from '../protocol';
import { LEAVES } from '../rules';
import type { Describer } from './describe';
import { FIELDS, isField, type Fields } from './fields';
import { Region, type Marks } from './marks';
import type { Sprites } from './sprites';
import type { Tree, Twin } from './tree';

/** A look at the clock costs; so many nodes are described between two looks. */
const NODES_A_LOOK = 24;
const GROUP = 512;
const XHTML = 'http://www.w3.org/1999/xhtml';

export interface Surroundings {
  /** A root or an element with a life of its own joined or left the tree. */
  joined(twin: Twin, ops: Ops): void;
  left(twin: Twin): void;
}

export class Walk {
  readonly kids = new Set<Twin>();
  readonly attributes = new Set<Twin>();
  readonly texts = new Set<Twin>();
  /** Nodes whose children were never told, the next one last. */
  private todo: Twin[] = [];
  /** Gone from the second, and not yet come to where the page has them now. */
  private floating: [Twin, Twin][] = [];
  private readonly tree: Tree;
  private readonly marks: Marks;
  private readonly describer: Describer;
  private readonly fields: Fields;
  private readonly sprites: Sprites;
  private readonly around: Surroundings;
  private looks = 0;

  constructor(tree: Tree, marks: Marks, describer: Describer, fields: Fields, sprites: Sprites, around: Surroundings) {
    this.tree = tree;
    this.marks = marks;
    this.describer = describer;
    this.fields = fields;
    this.sprites = sprites;
    this.around = around;
  }

  get idle(): boolean {
    return this.todo.length + this.kids.size + this.attributes.size + this.texts.size === 0;
  }

  start(document: Document): Twin {
    const content = this.describer.describe(document, this.marks.top, 0)!;
    const root = this.tree.plant(document, null, content, this.marks.top);
    this.todo.push(root);
    return root;
  }

  /** Works until nothing is left or `late` says so; true when nothing is left. */
  work(ops: Ops, late: () => boolean): boolean {
    // Attributes first: they decide what may be seen of the children that came with them.
    for (const twin of this.attributes) {
      this.attributes.delete(twin);
      if (twin.live) this.redescribe(twin, ops);
      if (this.isLate(late)) return false;
    }
    for (const twin of this.kids) {
      this.kids.delete(twin);
      if (twin.live && !this.reconcile(twin, ops, late)) {
        this.kids.add(twin);
        return false;
      }
    }
    for (const [twin, left] of this.floating) if (twin.live && twin.parent === left) this.drop(twin, ops);
    this.floating = [];
    for (const twin of this.texts) {
      this.texts.delete(twin);
      if (twin.live) this.retext(twin, ops);
    }
    for (let twin = this.todo.pop(); twin; twin = this.todo.pop()) {
      if (!twin.live) continue;
      const whole = this.reconcile(twin, ops, late);
      if (!whole) this.todo.push(twin);
      if (!whole || this.isLate(late)) return this.idle;
    }
    return this.idle;
  }

  /** Tells an element and everything in it anew, because it may be seen differently from now on. */
  again(element: Element, ops: Ops): void {
    const twin = this.tree.of(element);
    if (!twin?.parent) return;
    const { parent } = twin;
    this.drop(twin, ops);
    this.kids.add(parent);
  }

  /** Told when a field may look different. */
  field(twin: Twin, ops: Ops): void {
    const [state, text] = this.fields.state(twin.node as Element, twin.region);
    if (state === twin.field && text === twin.fieldText) return;
    twin.field = state;
    twin.fieldText = text;
    twin.touch();
    ops.field(twin.id, state, text);
  }

  private redescribe(twin: Twin, ops: Ops): void {
    if (!isElement(twin.kind) && twin.kind !== Kind.nothing) return;
    const element = twin.node as Element;
    const content = this.describer.describe(element, twin.region, twin.depth);
    if (!content || content.kind !== twin.kind || content.tag !== twin.tag || this.regionOf(element, twin.parent!) !== twin.region) return this.again(element, ops);
    const changes = difference(twin.attributes, content.attributes);
    if (changes.length > 0) {
      ops.attributes(twin.id, changes);
      // In the order in which the applier has them.
      twin.attributes = changed(twin.attributes, changes);
      twin.touch();
    }
    if (twin.kind === Kind.html && isField(element)) this.field(twin, ops);
  }

  private retext(twin: Twin, ops: Ops): void {
    const text = this.describer.text(twin.node as Text, twin.region);
    if (text === twin.text) return;
    twin.text = text;
    twin.touch();
    ops.text(twin.id, text);
  }

  /** False when time was over before all children were told. */
  private reconcile(twin: Twin, ops: Ops, late: () => boolean): boolean {
    const real = this.childrenOf(twin);
    if (real.length === 0 && twin.kids.length === 0) return true;
    const wanted = new Set(twin.kids.length > 0 ? real : []);
    for (const kid of twin.kids) if (!wanted.has(kid.node)) this.leave(kid, twin, ops);
    const kept = twin.kids.filter((kid) => kid.live && wanted.has(kid.node));
    const floating = twin.kids.filter((kid) => kid.live && !wanted.has(kid.node));
    const next: Twin[] = [];
    const fresh: Twin[] = [];
    let group: Twin[] = [];
    let place = 0;
    let skipped = floating.length > 0;
    const settled = new Set<Twin>();
    const flush = (): void => {
      if (group.length === 0) return;
      const before = next[next.length - group.length - 1];
      ops.add(twin.id, kept.length === 0 && floating.length === 0 ? END : (before?.id ?? START), group[0]!.id, group);
      for (const it of group) this.settle(it, ops);
      group = [];
    };
    for (const node of real) {
      let kid = this.tree.of(node);
      if (kid && kid.parent !== twin) kid = this.adopt(kid, twin, ops);
      if (!kid) {
        const region = this.regionOf(node, twin);
        const content = this.describer.describe(node, region, twin.depth + 1);
        if (!content) continue;
        kid = this.tree.plant(node, twin, content, region);
        group.push(kid);
        fresh.push(kid);
        next.push(kid);
        if (group.length >= GROUP) flush();
        if (this.isLate(late) && !skipped) {
          flush();
          twin.kids = [...next, ...kept.filter((it) => !settled.has(it))];
          this.enqueue(fresh);
          return false;
        }
        continue;
      }
      flush();
      while (place < kept.length && settled.has(kept[place]!)) place += 1;
      if (kept[place] === kid) place += 1;
      else if (kept[place + 1] === kid) {
        place += 2;
        skipped = true;
      } else {
        ops.move(kid.id, twin.id, next.at(-1)?.id ?? START);
        skipped = true;
      }
      settled.add(kid);
      next.push(kid);
    }
    flush();
    twin.kids = floating.length > 0 ? [...next, ...floating] : next;
    this.enqueue(fresh);
    return true;
  }

  /** A node known elsewhere in the tree moves, unless it may be seen differently here. */
  private adopt(kid: Twin, parent: Twin, ops: Ops): Twin | undefined {
    const same = this.regionOf(kid.node, parent) === kid.region && kid.depth === parent.depth + 1;
    for (let at: Twin | null = parent; same && at; at = at.parent) if (at === kid) return undefined;
    if (!same) {
      this.drop(kid, ops);
      return undefined;
    }
    const old = kid.parent!;
    old.kids = old.kids.filter((it) => it !== kid);
    kid.parent = parent;
    return kid;
  }

  /** Gone from here: waits for its new parent when that one is about to be compared. */
  private leave(kid: Twin, left: Twin, ops: Ops): void {
    const parent = kid.node.isConnected ? kid.node.parentNode && this.tree.of(kid.node.parentNode) : null;
    if (parent?.live && this.kids.has(parent)) this.floating.push([kid, left]);
    else this.drop(kid, ops);
  }

  private drop(twin: Twin, ops: Ops): void {
    const { parent } = twin;
    if (parent) parent.kids = parent.kids.filter((it) => it !== twin);
    ops.remove(twin.id);
    this.tree.fell(twin, (it) => {
      this.kids.delete(it);
      this.attributes.delete(it);
      this.texts.delete(it);
      this.around.left(it);
    });
  }

  private settle(twin: Twin, ops: Ops): void {
    if (twin.kind === Kind.text) return twin.settle();
    if (twin.kind === Kind.html && FIELDS.has(twin.tag)) this.field(twin, ops);
    twin.settle();
    this.around.joined(twin, ops);
  }

  private enqueue(fresh: readonly Twin[]): void {
    for (let i = fresh.length - 1; i >= 0; i--) if (mayHaveKids(fresh[i]!)) this.todo.push(fresh[i]!);
  }

  private regionOf(node: Node, parent: Twin): number {
    return node.nodeType === 1 ? this.marks.within(node as Element, parent.region) : parent.region;
  }

  /** The children that the agent's tree has: open shadow roots and same-origin frames are children, too. */
  private childrenOf(twin: Twin): Node[] {
    const { node, kind, tag } = twin;
    if (kind === Kind.nothing || kind === Kind.box || tag === 'head') return [];
    if (kind === Kind.html && tag === 'iframe') return innerDocument(node as HTMLIFrameElement);
    if (kind === Kind.html && tag === 'select' && !((twin.region & Region.fields) && this.fields.isOpen(twin))) return [];
    const kids: Node[] = [];
    if (kind === Kind.html && LEAVES.has(tag)) return kids;
    const shadow = node.nodeType === 1 ? (node as Element).shadowRoot : null;
    if (shadow) kids.push(shadow);
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 1 || child.nodeType === 3 || child.nodeType === 4) kids.push(child);
    }
    const root = kind === Kind.shadow ? node : tag === 'html' ? node.parentNode : null;
    const symbols = root && this.sprites.holder(root);
    if (symbols) kids.push(symbols);
    // Text straight below a document cannot be.
    return kind === Kind.document ? kids.filter((it) => it.nodeType === 1) : kids;
  }

  private isLate(late: () => boolean): boolean {
    this.looks = (this.looks + 1) % NODES_A_LOOK;
    return this.looks === 0 && late();
  }
}

function mayHaveKids(twin: Twin): boolean {
  if (twin.kind === Kind.text || twin.kind === Kind.nothing || twin.kind === Kind.box) return false;
  return twin.node.firstChild !== null || twin.tag === 'iframe' || (twin.node as Partial<Element>).shadowRoot != null;
}

/** The document in a frame, when it is of the same origin. */
export function innerDocument(frame: HTMLIFrameElement): Document[] {
  try {
    const inner = frame.contentDocument;
    return inner?.documentElement.namespaceURI === XHTML ? [inner] : [];
  } catch {
    return [];
  }
}
