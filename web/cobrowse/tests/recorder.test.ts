import { describe, expect, it } from 'vitest';
import { Kind } from '../src/index';
import { guardOf } from '../src/recorder/guard';
import { labelOf } from '../src/recorder/labels';
import { Tree, type Twin } from '../src/recorder/tree';

describe('the name of an element in a report', () => {
  const tree = new Tree();
  const HTML = 'http://www.w3.org/1999/xhtml';
  const node = (localName: string, more: object = {}) => ({ localName, namespaceURI: HTML, ...more }) as unknown as Node;
  const plant = (tag: string, parent: Twin | null, attributes: string[] = [], own = node(tag)): Twin => {
    const twin = tree.plant(own, parent, { kind: Kind.html, tag, attributes, text: '' }, 3);
    if (parent) parent.kids = [...parent.kids, twin];
    return twin;
  };
  const say = (parent: Twin, text: string): void => {
    parent.kids = [...parent.kids, tree.plant(node('#text'), parent, { kind: Kind.text, tag: '', attributes: [], text }, 3)];
  };
  const of = (it: Node) => tree.of(it);

  it('is the text that the agent was told, masks included', () => {
    const button = plant('button', null);
    say(button, '  Volgende ');
    const inner = plant('b', button);
    say(inner, '••••');
    expect(labelOf(button, of)).toBe('Volgende ••••');
    expect(labelOf(plant('button', null, ['class', 'x', 'aria-label', 'Sluiten']), of)).toBe('Sluiten');
    expect(labelOf(plant('div', null, ['class', 'aria-label']), of)).toBe('');
    const long = plant('p', null);
    say(long, 'woord '.repeat(1_000));
    expect(labelOf(long, of).length).toBeLessThanOrEqual(80);
  });

  it('is the label of a field, never what stands in it', () => {
    const label = plant('label', null);
    say(label, 'Gas');
    const field = plant('input', label, ['placeholder', 'm³'], node('input', { labels: [label.node], value: '3648' }));
    field.fieldText = '3648';
    expect(labelOf(field, of)).toBe('Gas');
    const around = plant('label', null);
    say(around, 'Maand');
    const select = plant('select', around, [], node('select', { labels: [around.node] }));
    say(plant('option', select), 'januari');
    expect(labelOf(select, of)).toBe('Maand');
    expect(labelOf(plant('textarea', null, [], node('textarea', { labels: [] })), of)).toBe('');
  });
});

it('keeps errors of the recorder from the page when somebody listens, and only then', () => {
  const heard: unknown[] = [];
  const broken = (): void => {
    throw new Error('broken');
  };
  guardOf((error) => heard.push(error))(broken)();
  expect(heard).toHaveLength(1);
  expect(guardOf(undefined)(broken)).toThrow('broken');
});
