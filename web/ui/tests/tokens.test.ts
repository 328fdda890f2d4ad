import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf-8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The declarations of the first rule with this selector. */
function rule(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  return new Map(Array.from(body.matchAll(/([\w-]+):\s*([^;]+);/g), (it) => [it[1] ?? '', it[2] ?? '']));
}

const light = rule(':root,');
const dark = rule(":root[data-theme='dark']");

function colour(set: Map<string, string>, name: string): string {
  const value = set.get(name) ?? light.get(name) ?? '';
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return other === undefined ? value : colour(set, other);
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    expect(hex).toMatch(/^#[0-9a-f]{6}$/);
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((at) => {
      const c = parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['--bg', '--surface', '--raised', '--hover'];
const TEXT: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] =>
    ['--text', '--text-soft', '--text-quiet', '--accent-text', '--danger-text', '--success-text', '--warning-text'].map(
      (text) => [text, ground],
    ),
  ),
  ['--text', '--pressed'],
  ['--text-soft', '--pressed'],
  ['--text', '--accent-tint'],
  ['--text-quiet', '--accent-tint'],
  ['--accent-text', '--accent-tint'],
  ['--accent-ink', '--accent'],
  ['--accent-ink', '--accent-strong'],
  ['--success-text', '--success-tint'],
  ['--warning-text', '--warning-tint'],
  ['--danger-text', '--danger-tint'],
  ['--danger-ink', '--danger'],
  ['--note-text', '--note'],
  ['--text', '--note'],
  ['--text-soft', '--note'],
];
const CONTROLS: [string, string][] = [...GROUNDS, '--accent-tint'].flatMap((ground): [string, string][] =>
  ['--focus', '--accent', '--danger', '--success', '--warning', ...(ground === '--accent-tint' ? [] : ['--control'])].map(
    (control) => [control, ground],
  ),
);

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s set', (_name, set) => {
  it.each(TEXT)('%s can be read on %s', (text, ground) => {
    expect(contrast(colour(set, text), colour(set, ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(CONTROLS)('%s can be seen on %s', (control, ground) => {
    expect(contrast(colour(set, control), colour(set, ground))).toBeGreaterThanOrEqual(3);
  });
});

it('has the same dark set for the system and for the choice', () => {
  expect(rule(":root:not([data-theme='light'])")).toEqual(dark);
});

it('has a dark value for each light colour', () => {
  for (const [name, value] of light) {
    if (value.startsWith('#')) expect(dark.has(name), name).toBe(true);
  }
});
