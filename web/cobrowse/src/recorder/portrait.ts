/**
 * The page once more, for one watcher: told from what was told to the others and not from the page, so that it has the same numbers and fits the running frames. Nothing
 * else is told between its first slice and its last.
 */

import { Flag, OpsOut, Type, write, Writer, END, type StringsOut } from '../protocol';
import type { Boxes } from './boxes';
import type { Outlet } from './outlet';
import type { Root } from './roots';
import type { Sheets } from './sheets';
import type { Tree, Twin } from './tree';

/** Siblings told in one go, and texts of the table. */
const GROUP = 512;

export interface Model {
  tree: Tree;
  strings: StringsOut;
  sheets: Sheets;
  boxes: Boxes;
  outlet: Outlet;
  scrolled(twin: Twin): void;
}

export interface Sitting {
  readonly watcher: number;
  /** Works until `late` or the end; true at the end. */
  work(late: (bytes: number) => boolean): boolean;
}

/** `knows`: the watcher has the texts of the style sheets. `prelude`: the messages that come first. */
export function sitting(watcher: number, knows: boolean, model: Model, top: Twin, prelude: () => Uint8Array<ArrayBuffer>[]): Sitting {
  const { outlet, strings } = model;
  let part = 0;
  let to = new Writer();
  const post = (payload: Uint8Array<ArrayBuffer>, flags = 0): void => outlet.postTo(watcher, (part += 1), payload, Flag.snapshot | flags);
  const steps = tell();

  function* tell(): Generator<undefined, void> {
    for (const it of prelude()) post(it);
    const { all } = strings;
    for (let i = 0; i < all.length; i += 8 * GROUP) {
      post(write({ type: Type.strings, texts: all.slice(i, i + 8 * GROUP) }));
      yield;
    }
    yield* nodes();
    const hashes = model.sheets.again(new OpsOut(to, strings), (root: Root) => model.tree.of(root)?.id);
    flush();
    for (const hash of knows ? [] : hashes) {
      for (const frame of model.sheets.textFrames(hash, true)) post(frame);
      yield;
    }
    post(write({ type: Type.snapshotEnd, nodes: model.tree.byId.size, at: outlet.seq }), Flag.snapshotEnd);
  }

  function* nodes(): Generator<undefined, void> {
    const todo = [top];
    let ops = begin();
    for (let twin = todo.pop(); twin; twin = todo.pop()) {
      const { kids } = twin;
      for (let from = 0; from < kids.length; ) {
        let end = from + 1;
        while (end < kids.length && end - from < GROUP && kids[end]!.id === kids[end - 1]!.id + 1) end += 1;
        const group = kids.slice(from, end);
        ops.add(twin.id, END, group[0]!.id, group);
        for (const kid of group) {
          if (kid.field >= 0) ops.field(kid.id, kid.field as Exclude<typeof kid.field, -1>, kid.fieldText);
          model.boxes.tell(kid, ops);
          model.scrolled(kid);
        }
        from = end;
        yield;
        // What was there went out meanwhile.
        if (to.length === 0) ops = begin();
      }
      for (let i = kids.length - 1; i >= 0; i--) if (kids[i]!.kids.length > 0) todo.push(kids[i]!);
    }
    flush();
    begin();
  }

  function begin(): OpsOut {
    if (to.length === 0) to.byte(Type.ops);
    return new OpsOut(to, strings);
  }

  function flush(): void {
    if (to.length > 1) post(to.take());
    to = new Writer();
  }

  return {
    watcher,
    work(late) {
      strings.fixed = true;
      let done = false;
      while (!done && !late(to.length)) done = steps.next().done === true;
      strings.fixed = false;
      if (!done) flush();
      return done;
    },
  };
}
