/** Variables of canned replies: `{{contact.firstName}}`, or `{{contact.firstName|there}}` with an own fallback. Pure. */

export interface Values {
  'contact.firstName': string;
  'contact.name': string;
  'contact.email': string;
  'contact.phone': string;
  'agent.name': string;
  'agent.firstName': string;
  'conversation.number': string;
  'organisation.name': string;
}

export type Variable = keyof Values;

export const VARIABLES: readonly Variable[] = [
  'contact.firstName',
  'contact.name',
  'contact.email',
  'contact.phone',
  'agent.name',
  'agent.firstName',
  'conversation.number',
  'organisation.name',
];

/** A salutation reads well without a name ("Dag Anna," → "Dag,"); a missing number or address does not. */
const DROPPABLE: ReadonlySet<string> = new Set(['contact.firstName', 'contact.name']);

const PATTERN = /\{\{\s*([\w.]+)\s*(?:\|([^{}]*))?\}\}/g;

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'known'; name: Variable; text: string }
  | { kind: 'dropped'; name: Variable }
  | { kind: 'missing'; name: string; text: string };

export function isVariable(name: string): name is Variable {
  return (VARIABLES as readonly string[]).includes(name);
}

/** The reply in pieces, for a preview that shows what is known, left out or still missing. */
export function pieces(template: string, values: Values): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of template.matchAll(PATTERN)) {
    const [whole, name = '', fallback] = match;
    if (match.index > from) found.push({ kind: 'text', text: template.slice(from, match.index) });
    found.push(piece(whole, name, fallback, values));
    from = match.index + whole.length;
  }
  if (from < template.length) found.push({ kind: 'text', text: template.slice(from) });
  return found;
}

function piece(whole: string, name: string, fallback: string | undefined, values: Values): Piece {
  if (!isVariable(name)) return { kind: 'missing', name, text: whole };
  const value = values[name].trim();
  if (value) return { kind: 'known', name, text: value };
  if (fallback !== undefined) return { kind: 'known', name, text: fallback.trim() };
  if (DROPPABLE.has(name)) return { kind: 'dropped', name };
  return { kind: 'missing', name, text: `{{${name}}}` };
}

/** The text to insert. Missing variables stay as `{{name}}`, to be filled in before sending. */
export function fill(template: string, values: Values): string {
  let text = '';
  for (const part of pieces(template, values)) {
    if (part.kind === 'dropped') text = text.replace(/[ \t]+$/, '');
    else text += part.text;
  }
  return text;
}

export interface Gap {
  name: string;
  from: number;
  to: number;
}

/** Variables still standing in a text: each must be filled in before the text may leave. */
export function gaps(text: string): Gap[] {
  return [...text.matchAll(PATTERN)]
    .filter(([, name = '']) => isVariable(name))
    .map((match) => ({ name: match[1] ?? '', from: match.index, to: match.index + match[0].length }));
}

/** Names in a template that are no variable, for the form that saves it. */
export function unknownVariables(template: string): string[] {
  return [...template.matchAll(PATTERN)].map(([, name = '']) => name).filter((name) => !isVariable(name));
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}
