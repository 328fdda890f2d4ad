/** What an element is called in reports of an agent's acts: only what the agent was told of it, never a value. */

import { Kind } from '../protocol';
import { isField } from './fields';
import type { Twin } from './tree';

const LONGEST = 80;

/** '' when nothing that names it may be seen. */
export function labelOf(twin: Twin, of: (node: Node) => Twin | undefined): string {
  if (!isField(twin.node as Element)) return textOf(twin) || named(twin);
  const labels = (twin.node as HTMLInputElement).labels;
  for (const label of labels ?? []) {
    const text = textOf(of(label));
    if (text) return text;
  }
  return named(twin);
}

/** Texts of a node as they were told, masks included; what stands in fields is not among them. */
function textOf(twin: Twin | undefined): string {
  let text = '';
  const todo = twin ? [twin] : [];
  for (let at = todo.pop(); at && text.length < LONGEST; at = todo.pop()) {
    if (at.kind === Kind.text) text += `${at.text} `;
    if (!isOption(at)) for (let i = at.kids.length - 1; i >= 0; i--) todo.push(at.kids[i]!);
  }
  return tidy(text);
}

const isOption = ({ kind, tag }: Twin): boolean => kind === Kind.html && (tag === 'select' || tag === 'textarea');

function named({ attributes }: Twin): string {
  for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
    const at = attributes.findIndex((it, index) => index % 2 === 0 && it === name);
    if (at >= 0 && attributes[at + 1]) return tidy(attributes[at + 1]!);
  }
  return '';
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
