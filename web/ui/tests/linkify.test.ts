import { expect, it } from 'vitest';
import { linkify } from '../src/linkify';

const links = (text: string): [string, string][] =>
  linkify(text).flatMap((it): [string, string][] => (it.href === null ? [] : [[it.text, it.href]]));

it.each([
  ['see https://example.nl/a?b=c#d.', [['https://example.nl/a?b=c#d', 'https://example.nl/a?b=c#d']]],
  ['HTTP://Example.nl', [['HTTP://Example.nl', 'HTTP://Example.nl']]],
  ['www.example.nl, and more', [['www.example.nl', 'https://www.example.nl']]],
  ['(https://en.wikipedia.org/wiki/Desk_(furniture))', [['https://en.wikipedia.org/wiki/Desk_(furniture)', 'https://en.wikipedia.org/wiki/Desk_(furniture)']]],
  ['[www.example.nl]', [['www.example.nl', 'https://www.example.nl']]],
  ['mail noor.de-vries+1@example.co.uk!', [['noor.de-vries+1@example.co.uk', 'mailto:noor.de-vries+1@example.co.uk']]],
  ['https://example.nl… "https://example.nl/x"', [['https://example.nl', 'https://example.nl'], ['https://example.nl/x', 'https://example.nl/x']]],
  ['https://münchen.de/straße', [['https://münchen.de/straße', 'https://münchen.de/straße']]],
  ['http://localhost:8080/x', [['http://localhost:8080/x', 'http://localhost:8080/x']]],
])('finds the links in %j', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

it.each([
  'javascript:alert(1)',
  'data:text/html,<b>',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://example.nl',
  'xhttp://example.nl is no word of ours',
  'https://',
  'http://bank.example@evil.example/',
  'https://user:pass@example.nl',
  'just words. And more',
  'a@b',
])('finds no link in %j', (text) => {
  expect(links(text).filter(([, href]) => !href.startsWith('mailto:'))).toEqual([]);
});

it('keeps every character', () => {
  for (const text of ['', 'a https://example.nl. b', 'https://example.nl', '<b>www.example.nl</b> & "x"', 'x@y.nl\nwww.z.nl']) {
    expect(linkify(text).map((it) => it.text).join('')).toBe(text);
  }
});

it('gives safe schemes only', () => {
  const text = 'https://a.nl javascript://b.nl www.c.nl d@e.nl //f.nl';
  for (const [, href] of links(text)) expect(href).toMatch(/^(https?|mailto):/);
});

it('is quick on hostile text', () => {
  const before = performance.now();
  for (const piece of ['https://', 'www.', 'a@', '((((', 'a.', '-@a', '!?']) linkify(piece.repeat(4_000));
  linkify('www.a.nl' + ')'.repeat(8_000));
  linkify('www.a.nl' + '('.repeat(4_000) + ')'.repeat(4_000));
  expect(performance.now() - before).toBeLessThan(500);
});
