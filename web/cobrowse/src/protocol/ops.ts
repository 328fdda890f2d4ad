/** The steps that keep a mirrored tree equal to the page: written by the recorder, played by the applier. */

import { ProtocolError, type Reader, type Writer } from './bytes';
import { Kind, type AttributeChange, type Field, type NodeContent } from './content';
import type { StringsIn, StringsOut } from './strings';

/** For `after`: at the end, or before everything else. */
export const END = -1;
export const START = 0;

export const Layer = { closed: 0, open: 1, modal: 2, popover: 3 } as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

export const Media = { playing: 1, muted: 2, ended: 4 } as const;

export interface Ops {
  /** New siblings below `parent`, behind the node `after`; they get the ids `first`, `first` + 1 … */
  add(parent: number, after: number, first: number, nodes: readonly NodeContent[]): void;
  remove(id: number): void;
  move(id: number, parent: number, after: number): void;
  attributes(id: number, changes: readonly AttributeChange[]): void;
  text(id: number, text: string): void;
  /** How a form field shows; `text` only when the policy shows this field. */
  field(id: number, state: Field, text: string): void;
  /** The size, in CSS pixels, of an element whose inside is not mirrored. */
  box(id: number, width: number, height: number): void;
  layer(id: number, layer: Layer): void;
  /** Bits of `Media`, and the position in seconds. */
  media(id: number, flags: number, at_s: number): void;
  /** A style sheet by the hash of its text. */
  sheet(sheet: number, hash: string, media: string, disabled: boolean): void;
  /** All sheets of a document or shadow root, in order. */
  sheets(root: number, sheets: readonly number[]): void;
  /** Rules `at` … `at + removed` of a sheet give way to these. */
  rules(sheet: number, at: number, removed: number, texts: readonly string[]): void;
  /** The picture in a canvas (WebP), when the policy opts it in. */
  canvas(id: number, picture: Uint8Array): void;
}

const Op = {
  add: 1, remove: 2, move: 3, attributes: 4, text: 5, field: 6, box: 7, layer: 8, media: 9, sheet: 10, sheets: 11, rules: 12, canvas: 13,
} as const;

/** Encodes steps one after the other. */
export class OpsOut implements Ops {
  readonly to: Writer;
  private readonly strings: StringsOut;
  private lastParent = 0;

  constructor(to: Writer, strings: StringsOut) {
    this.to = to;
    this.strings = strings;
  }

  add(parent: number, after: number, first: number, nodes: readonly NodeContent[]): void {
    const { to } = this;
    to.byte(Op.add);
    to.signed(parent - this.lastParent);
    this.lastParent = parent;
    to.number(after + 1);
    to.number(first);
    to.number(nodes.length);
    for (const node of nodes) this.node(node);
  }

  remove(id: number): void {
    this.begin(Op.remove, id);
  }

  move(id: number, parent: number, after: number): void {
    this.begin(Op.move, id);
    this.to.number(parent);
    this.to.number(after + 1);
  }

  attributes(id: number, changes: readonly AttributeChange[]): void {
    this.begin(Op.attributes, id);
    this.to.number(changes.length);
    for (const [name, value] of changes) {
      this.strings.write(this.to, name);
      this.to.byte(value === null ? 0 : 1);
      if (value !== null) this.strings.write(this.to, value);
    }
  }

  text(id: number, text: string): void {
    this.begin(Op.text, id);
    this.strings.write(this.to, text);
  }

  field(id: number, state: Field, text: string): void {
    this.begin(Op.field, id);
    this.to.byte(state);
    this.strings.write(this.to, text);
  }

  box(id: number, width: number, height: number): void {
    this.begin(Op.box, id);
    this.to.number(width);
    this.to.number(height);
  }

  layer(id: number, layer: Layer): void {
    this.begin(Op.layer, id);
    this.to.byte(layer);
  }

  media(id: number, flags: number, at_s: number): void {
    this.begin(Op.media, id);
    this.to.byte(flags);
    this.to.number(at_s);
  }

  sheet(sheet: number, hash: string, media: string, disabled: boolean): void {
    this.begin(Op.sheet, sheet);
    this.strings.write(this.to, hash);
    this.strings.write(this.to, media);
    this.to.byte(disabled ? 1 : 0);
  }

  sheets(root: number, sheets: readonly number[]): void {
    this.begin(Op.sheets, root);
    this.to.number(sheets.length);
    for (const sheet of sheets) this.to.number(sheet);
  }

  rules(sheet: number, at: number, removed: number, texts: readonly string[]): void {
    this.begin(Op.rules, sheet);
    this.to.number(at);
    this.to.number(removed);
    this.to.number(texts.length);
    for (const text of texts) this.strings.write(this.to, text);
  }

  canvas(id: number, picture: Uint8Array): void {
    this.begin(Op.canvas, id);
    this.to.bytes(picture);
  }

  private begin(op: number, id: number): void {
    this.to.byte(op);
    this.to.number(id);
  }

  private node(node: NodeContent): void {
    const { to, strings } = this;
    to.byte(node.kind);
    if (node.kind === Kind.text) strings.write(to, node.text);
    if (!isElement(node.kind)) return;
    strings.write(to, node.tag);
    to.number(node.attributes.length / 2);
    for (const part of node.attributes) strings.write(to, part);
  }
}

/** Reads steps until the payload ends. Throws ProtocolError. */
export function readOps(from: Reader, strings: StringsIn, to: Ops): void {
  let lastParent = 0;
  while (!from.done) {
    const op = from.byte();
    if (op === Op.add) {
      lastParent += from.signed();
      const after = from.number() - 1;
      const first = from.number();
      const nodes = many(from, () => readNode(from, strings));
      to.add(lastParent, after, first, nodes);
      continue;
    }
    const id = from.number();
    if (op === Op.remove) to.remove(id);
    else if (op === Op.move) to.move(id, from.number(), from.number() - 1);
    else if (op === Op.attributes) to.attributes(id, many(from, () => readChange(from, strings)));
    else if (op === Op.text) to.text(id, strings.read(from));
    else if (op === Op.field) to.field(id, upTo(from.byte(), 7) as Field, strings.read(from));
    else if (op === Op.box) to.box(id, from.number(), from.number());
    else if (op === Op.layer) to.layer(id, upTo(from.byte(), 3) as Layer);
    else if (op === Op.media) to.media(id, from.byte(), from.number());
    else if (op === Op.sheet) to.sheet(id, strings.read(from), strings.read(from), from.byte() === 1);
    else if (op === Op.sheets) to.sheets(id, many(from, () => from.number()));
    else if (op === Op.rules) to.rules(id, from.number(), from.number(), many(from, () => strings.read(from)));
    else if (op === Op.canvas) to.canvas(id, from.bytes());
    else throw new ProtocolError('unknown_step', String(op));
  }
}

export function isElement(kind: Kind): boolean {
  return kind === Kind.html || kind === Kind.svg || kind === Kind.math || kind === Kind.box;
}

function readNode(from: Reader, strings: StringsIn): NodeContent {
  const kind = from.byte() as Kind;
  if (kind < Kind.html || kind > Kind.box) throw new ProtocolError('unknown_kind', String(kind));
  if (kind === Kind.text) return { kind, tag: '', attributes: [], text: strings.read(from) };
  if (!isElement(kind)) return { kind, tag: '', attributes: [], text: '' };
  const tag = strings.read(from);
  const attributes = many(from, () => [strings.read(from), strings.read(from)]).flat();
  return { kind, tag, attributes, text: '' };
}

function readChange(from: Reader, strings: StringsIn): AttributeChange {
  const name = strings.read(from);
  return [name, from.byte() === 0 ? null : strings.read(from)];
}

/** A forged count runs into the end of the payload, not into memory: every item takes at least a byte. */
function many<T>(from: Reader, read: () => T): T[] {
  const count = from.number();
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

function upTo(value: number, most: number): number {
  if (value > most) throw new ProtocolError('bad_value', String(value));
  return value;
}
