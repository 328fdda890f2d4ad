// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, it } from 'vitest';
import { Icon, Send } from '../src/index';

it('draws an icon that is hidden from readers unless it has a label', () => {
  render(<Icon icon={Send} />, document.body);
  const svg = document.querySelector('svg');
  expect(svg?.getAttribute('aria-hidden')).toBe('true');
  expect(svg?.getAttribute('stroke-width')).toBe('1.75');
  expect(svg?.children.length).toBeGreaterThan(0);
  render(<Icon icon={Send} size={20} label="Versturen" />, document.body);
  expect(document.querySelector('svg')?.getAttribute('aria-label')).toBe('Versturen');
});
