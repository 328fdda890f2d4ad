import { describe, expect, it } from 'vitest';
import { parsePolicy, STANDARD } from '@balie/cobrowse';
import { daysOf, deskKeysOf, draftOf, flawsByField, linesOf, partsOfPolicy, policyOf, unreadable } from '../src/settings/looking/draft';
import { flawText } from '../src/settings/looking/flaws';
import { testable } from '../src/settings/looking/tested';
import { language } from '../src/text/index';

const FULL = parsePolicy({
  version: 1,
  text: 'show',
  labels: true,
  cssContent: true,
  title: true,
  elsewhere: 'view-without-fields',
  pages: [
    { url: '/mijn/**', mode: 'pause' },
    { url: 'https://www.example.nl/', mode: 'never' },
  ],
  mask: ['.a', '#b > c'],
  show: ['#postcode'],
  block: ['.x'],
  canvas: ['#map'],
  noControl: ['.pay'],
});

describe('the form of a policy', () => {
  it('gives back what it was given', () => {
    for (const policy of [FULL, STANDARD]) expect(policyOf(draftOf('normal', policy, partsOfPolicy({}).desk))).toEqual(policy);
  });

  it('keeps what the desk goes by apart from what the page gets, and says nothing of what stands at its start', () => {
    const stored = { ...FULL, recording: 'ask', recordingDays: 90, hints: true, sisters: ['https://mijn.example.nl'] };
    const { page, desk } = partsOfPolicy(stored);
    expect(page).toEqual({ ...FULL });
    expect(deskKeysOf(desk)).toEqual({ recording: 'ask', recordingDays: 90, hints: true, sisters: ['https://mijn.example.nl'] });
    expect(deskKeysOf(partsOfPolicy({ ...FULL, recording: 'off', recordingDays: 30 }).desk)).toEqual({});
  });

  it('takes whole days from 1 to 365', () => {
    expect(['1', ' 30 ', '365', '0', '366', '1.5', '', 'maand'].map(daysOf)).toEqual([1, 30, 365, null, null, null, null, null]);
  });

  it('reads one selector a line and drops empty ones', () => {
    expect(linesOf(' .a \n\n  #b > c\n')).toEqual(['.a', '#b > c']);
  });

  it('puts what the desk found next to its field, the first of each', () => {
    const flaws = flawsByField([
      { pointer: '/policy/pages/1/url', detail: 'needs text' },
      { pointer: '/policy/mask/2', detail: 'is no selector: …' },
      { pointer: '/policy/mask/4', detail: 'is no selector: …' },
      { pointer: '/policy/elsewhere', detail: 'must be one of …' },
    ]);
    expect([...flaws]).toEqual([
      ['pages.1', { detail: 'needs text', line: null }],
      ['mask', { detail: 'is no selector: …', line: 2 }],
      ['elsewhere', { detail: 'must be one of …', line: null }],
    ]);
  });

  it('says it in the language of the screen, and leaves what it does not know', () => {
    language.value = 'nl';
    expect(flawText('is no selector: a bracket or a quote is not closed', 2)).toBe('Regel 3: dit is geen CSS-selector.');
    expect(flawText('something new', null)).toBe('something new');
    language.value = 'en';
    expect(flawText('needs text', null)).toBe('Fill in an address or a selector.');
  });

  it('finds the line that no browser reads', () => {
    expect(unreadable('.a\n\n[b', (it) => !it.includes('['))).toBe(1);
    expect(unreadable('.a', () => true)).toBeNull();
  });
});

it('tells why a page cannot be tried out here', () => {
  const own = 'https://desk.example';
  const sites = ['https://www.example.nl'];
  expect(testable('https://desk.example/demo/', sites, own)).toBeNull();
  expect(testable('https://www.example.nl/contact', sites, own)).toBe('foreign');
  expect(testable('https://other.example/', sites, own)).toBe('site');
  expect(['javascript:alert(1)', 'example.nl', ''].map((address) => testable(address, sites, own))).toEqual(Array(3).fill('address'));
});
