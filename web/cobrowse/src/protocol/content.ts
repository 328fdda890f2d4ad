/** What a mirrored node is, and the digest over a tree of them. Both sides compute it from what they hold. */

export const Kind = { html: 1, svg: 2, math: 3, text: 4, shadow: 5, document: 6, nothing: 7, box: 8 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Name, value, name, value … */
export type Pairs = readonly string[];

export interface NodeContent {
  kind: Kind;
  /** Local name of an element; empty otherwise. */
  tag: string;
  attributes: Pairs;
  /** Of a text node. */
  text: string;
}

/** How a form field shows. `dots` is a filled field whose content stays with the visitor, whatever its length. */
export const Field = { empty: 0, dots: 1, text: 2, on: 3, off: 4, mixed: 5, hiddenChoice: 6, options: 7 } as const;
export type Field = (typeof Field)[keyof typeof Field];

/** `null` takes the attribute away. */
export type AttributeChange = readonly [name: string, value: string | null];

export function changed(attributes: Pairs, changes: readonly AttributeChange[]): string[] {
  const next = [...attributes];
  for (const [name, value] of changes) {
    const at = next.findIndex((it, index) => index % 2 === 0 && it === name);
    if (value === null) {
      if (at >= 0) next.splice(at, 2);
    } else if (at >= 0) next[at + 1] = value;
    else next.push(name, value);
  }
  return next;
}

export function difference(before: Pairs, after: Pairs): AttributeChange[] {
  const old = new Map<string, string>();
  for (let i = 0; i < before.length; i += 2) old.set(before[i]!, before[i + 1]!);
  const changes: AttributeChange[] = [];
  for (let i = 0; i < after.length; i += 2) {
    if (old.get(after[i]!) !== after[i + 1]) changes.push([after[i]!, after[i + 1]!]);
    old.delete(after[i]!);
  }
  for (const name of old.keys()) changes.push([name, null]);
  return changes;
}

/** FNV-1a over UTF-16 units. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export function hashContent(node: NodeContent, field: string): number {
  let hash = hashText(node.text, hashText(node.tag, 0x811c9dc5 ^ node.kind));
  for (const part of node.attributes) hash = hashText(part, hash ^ 0x3d);
  return hashText(field, hash ^ 0x7c);
}

/** Rolls (id, content, shape) of a tree into one number, in document order. */
export class Digest {
  nodes = 0;
  private hash = 0x811c9dc5;

  enter(id: number, content: number): void {
    this.nodes += 1;
    this.mix(id);
    this.mix(content);
  }

  leave(): void {
    this.mix(0x29);
  }

  get value(): number {
    return this.hash >>> 0;
  }

  private mix(value: number): void {
    this.hash = Math.imul(this.hash ^ value, 0x01000193);
    this.hash ^= this.hash >>> 15;
  }
}
