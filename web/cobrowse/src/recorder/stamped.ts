/** Steps that leave on each node the number of the frame that changed it: an agent's press on what has changed since is refused. */

import { OpsOut, type AttributeChange, type Field, type StringsOut, type Writer } from '../protocol';
import type { Tree, Twin } from './tree';

export class StampedOps extends OpsOut {
  private readonly tree: Tree;
  private readonly seq: () => number;

  constructor(to: Writer, strings: StringsOut, tree: Tree, seq: () => number) {
    super(to, strings);
    this.tree = tree;
    this.seq = seq;
  }

  override add(parent: number, after: number, first: number, nodes: readonly Twin[]): void {
    super.add(parent, after, first, nodes);
    const seq = this.seq();
    for (const twin of nodes) twin.changedSeq = seq;
    this.stamp(parent);
  }

  override attributes(id: number, changes: readonly AttributeChange[]): void {
    super.attributes(id, changes);
    this.stamp(id);
  }

  override text(id: number, text: string): void {
    super.text(id, text);
    this.stamp(id);
  }

  override field(id: number, state: Field, text: string): void {
    super.field(id, state, text);
    this.stamp(id);
  }

  override move(id: number, parent: number, after: number): void {
    super.move(id, parent, after);
    this.stamp(id);
    this.stamp(parent);
  }

  private stamp(id: number): void {
    const twin = this.tree.byId.get(id);
    if (twin) twin.changedSeq = this.seq();
  }
}
