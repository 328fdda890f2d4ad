/** The recorder's copy of what the agent has: ids, order and content, as last sent. */

import { Digest, hashContent, type Field, type Kind, type NodeContent, type Pairs } from '../protocol';

/** Most nodes have none; lists are replaced, never added to. */
const NO_KIDS: readonly Twin[] = [];

export class Twin implements NodeContent {
  readonly id: number;
  readonly node: Node;
  readonly kind: Kind;
  readonly tag: string;
  readonly depth: number;
  attributes: Pairs;
  text: string;
  parent: Twin | null;
  kids: readonly Twin[] = NO_KIDS;
  /** Region bits of this node and what stands in it. */
  readonly region: number;
  field: Field | -1 = -1;
  fieldText = '';
  /** The last critical frame that changed it. */
  changedSeq = 0;
  live = true;
  private hash = -1;

  constructor(id: number, node: Node, parent: Twin | null, content: NodeContent, region: number) {
    this.id = id;
    this.node = node;
    this.parent = parent;
    this.kind = content.kind;
    this.tag = content.tag;
    this.attributes = content.attributes;
    this.text = content.text;
    this.region = region;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  touch(): void {
    this.hash = -1;
  }

  /** Reckons the content ahead of the digest, which asks for all of them in one go. */
  settle(): void {
    this.reckon();
  }

  get content(): number {
    return this.hash < 0 ? this.reckon() : this.hash;
  }

  private reckon(): number {
    this.hash = hashContent(this, this.field < 0 ? '' : `${this.field}${this.fieldText}`);
    return this.hash;
  }
}

export class Tree {
  readonly byId = new Map<number, Twin>();
  /** Not weak: each twin holds its node, and a weak map of many costs the collector dear. */
  private readonly byNode = new Map<Node, Twin>();
  nextId = 1;

  of(node: Node): Twin | undefined {
    return this.byNode.get(node);
  }

  plant(node: Node, parent: Twin | null, content: NodeContent, region: number): Twin {
    const twin = new Twin(this.nextId++, node, parent, content, region);
    this.byId.set(twin.id, twin);
    this.byNode.set(node, twin);
    return twin;
  }

  /** Forgets a twin and all below; does not take it out of its parent's list. */
  fell(twin: Twin, gone: (twin: Twin) => void): void {
    const todo = [twin];
    for (let at = todo.pop(); at; at = todo.pop()) {
      at.live = false;
      this.byId.delete(at.id);
      if (this.byNode.get(at.node) === at) this.byNode.delete(at.node);
      gone(at);
      todo.push(...at.kids);
    }
  }

  digest(root: Twin): Digest {
    const digest = new Digest();
    const todo: (Twin | null)[] = [root];
    while (todo.length > 0) {
      const at = todo.pop();
      if (!at) {
        digest.leave();
        continue;
      }
      digest.enter(at.id, at.content);
      todo.push(null);
      for (let i = at.kids.length - 1; i >= 0; i--) todo.push(at.kids[i]!);
    }
    return digest;
  }
}
