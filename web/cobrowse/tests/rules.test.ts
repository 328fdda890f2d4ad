import { describe, expect, it } from 'vitest';
import {
  bareAddress, cleanCss, forbidden, isBsn, isCard, isIban, isPlainName, maskPatterns, Mentioned, pageMode, parsePolicy, plainAttribute, plainCss, policyHash, shownAddress, STANDARD,
} from '../src/index';

describe('numbers that nobody may see', () => {
  it('knows cards by Luhn, BSN by the eleven test and IBAN by its check digits', () => {
    expect(isCard('4111111111111111')).toBe(true);
    expect(isCard('4111111111111112')).toBe(false);
    expect(isBsn('111222333')).toBe(true);
    expect(isBsn('111222334')).toBe(false);
    expect(isBsn('000000000')).toBe(false);
    expect(isIban('NL91ABNA0417164300')).toBe(true);
    expect(isIban('NL92ABNA0417164300')).toBe(false);
  });
  it('covers them in a sentence, however they are grouped, and leaves other figures', () => {
    expect(maskPatterns('Card 4111 1111 1111 1111, account NL91 ABNA 0417 1643 00 and number 1112.22.333!')).toBe('Card ••••, account •••• and number ••••!');
    expect(maskPatterns('4111 1111 1111 1111 123 and 12 111222333')).toBe('•••• 123 and 12 ••••');
    expect(maskPatterns('rekening NL91ABNA0417164300 van u')).toBe('rekening •••• van u');
    expect(maskPatterns('Nota 2026-0048213, € 2.807,16, 1 nov 2025 – 31 okt 2026, 088 000 12 34')).toBe('Nota 2026-0048213, € 2.807,16, 1 nov 2025 – 31 okt 2026, 088 000 12 34');
    expect(forbidden('no digits at all')).toEqual([]);
  });
  it('is done with a hostile text in time that grows with its length', () => {
    const started = performance.now();
    forbidden('1 '.repeat(5_000));
    forbidden('NL91' + 'A '.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('style sheets', () => {
  const none = { asset: () => null, content: false };
  it('lead nowhere unless the asset route takes the address', () => {
    expect(cleanCss('a { background: url("/x.png?t=1"); }', none)).toBe('a { background: url("data:,"); }');
    expect(cleanCss('a { background: URL( \\2f x\\.png ) }', none)).not.toContain('x\\.png');
    for (const forged of ['\\75rl(//x)', '\\000075 rl(//x)', '\\u\\r\\l(//x)', 'u\\52 l(//x)', 'image-\\73 et(url(//x) 1x)', 'sr\\63(//x)']) {
      expect(cleanCss(plainCss(`a { background: ${forged} }`), none)).not.toContain('//x');
    }
    expect(plainCss('.sm\\:flex.w-1\\/2.\\31 23::before { content: "\\201c" }')).toBe('.sm\\:flex.w-1\\/2.\\31 23::before { content: "\\201c" }');
    expect(cleanCss('a{b:url(x);c:url("y)z")}', { ...none, asset: (it, use) => `${use}:${it}` })).toBe('a{b:url("image:x");c:url("image:y)z")}');
    expect(cleanCss('@font-face { font-family: "Own"; src: url(f.woff2) format("woff2"); }', { ...none, asset: (it, use) => `${use}/${it}` })).toContain('url("font/f.woff2")');
    expect(cleanCss('a{fill:url(#grad)}', none)).toContain('url("#grad")');
    expect(cleanCss('a { background: image-set("x.png" 1x) }', none)).not.toContain('x.png');
  });
  it('bring no text of their own, but marks and icons', () => {
    expect(cleanCss('a::before { content: "Jansen"; }', none)).toBe('a::before { content: ""; }');
    expect(cleanCss('a::before { content: "\\e900"; } q::after { content: "»"; }', none)).toBe('a::before { content: "\\e900"; } q::after { content: "»"; }');
    expect(cleanCss('a::before { content: "Jansen"; }', { ...none, content: true })).toContain('Jansen');
    expect(cleanCss(':root { --a: "Jansen"; --b: 12px; }', none)).toBe(':root { --a: ""; --b: 12px; }');
    expect(cleanCss(':root { --t: abc123def456ghi789jkl0; }', none)).not.toContain('abc123');
    expect(cleanCss('a { font-family: "Open Sans", serif; }', none)).toContain('"Open Sans"');
  });
  it('lose every word of inline custom properties, and keep figures and colours', () => {
    const inline = { ...none, inline: true };
    expect(cleanCss('--name: jansen; color: red', inline)).toBe('--name:  ; color: red');
    expect(cleanCss('--w: 12.5%; --c: #aabbcc; --r: rgb(1, 2, 3)', inline)).toBe('--w: 12.5%; --c: #aabbcc; --r: rgb(1, 2, 3)');
    expect(cleanCss('--pin: 1234567', inline)).not.toContain('1234567');
  });
  it('tell which names they ask for', () => {
    const mentioned = new Mentioned();
    mentioned.read('.a.b:hover #c > [data-state="open"], [data-x], .w-1\\/2, x::part(label) {}');
    expect([...mentioned.classes]).toEqual(['a', 'b', 'w-1/2']);
    expect([...mentioned.ids]).toEqual(['c']);
    expect([...mentioned.parts]).toEqual(['label']);
    expect(mentioned.data.get('data-state')).toEqual(new Set(['open']));
    expect(mentioned.data.get('data-x')).toEqual(new Set());
    const { version } = mentioned;
    mentioned.read('.a {}');
    expect(mentioned.version).toBe(version);
  });
});

it('keeps of an address what leads to the page and nothing that it carries', () => {
  expect(bareAddress('https://u:p@a.nl/b?c=d#e')).toBe('https://a.nl/b');
  expect(bareAddress('javascript:alert(1)')).toBe('');
  expect(bareAddress('data:text/html,x')).toBe('');
  expect(shownAddress('https://a.nl/reset/9f86d081884c7d65/stap-2')).toBe('https://a.nl/reset/•••/stap-2');
  expect(shownAddress('https://a.nl/klant/123456789')).toBe('https://a.nl/klant/•••');
  expect(shownAddress('https://a.nl/u/jan%40voorbeeld.nl')).toBe('https://a.nl/u/•••');
});

it('lets through attributes by name and shape only', () => {
  expect(plainAttribute('html', 'td', 'colspan', '2')).toBe(true);
  expect(plainAttribute('html', 'td', 'colspan', 'jansen')).toBe(false);
  expect(plainAttribute('html', 'p', 'onclick', 'x()')).toBe(false);
  expect(plainAttribute('html', 'p', 'role', 'jansen')).toBe(false);
  expect(plainAttribute('svg', 'path', 'd', 'M0 0L1 1')).toBe(true);
  expect(plainAttribute('svg', 'path', 'fill', 'url(https://a.nl/x#y)')).toBe(false);
  expect(plainAttribute('svg', 'path', 'fill', 'url(#y)')).toBe(true);
  expect(isPlainName('eyJhbGciOiJIUzI1NiJ9abc')).toBe(false);
});

describe('a policy', () => {
  it('hides what it does not mention, and names what is wrong with it', () => {
    expect(parsePolicy({ version: 1 })).toEqual({ ...STANDARD, text: 'mask' });
    const wrong: [unknown, string, string][] = [
      [null, 'not_an_object', ''], [{}, 'unknown_version', 'version'], [{ version: 1, masks: [] }, 'unknown_key', 'masks'], [{ version: 1, mask: [''] }, 'not_text', 'mask.0'],
      [{ version: 1, pages: [{ url: '/x', mode: 'see' }] }, 'unknown_choice', 'pages.0.mode'], [{ version: 1, labels: 1 }, 'not_a_switch', 'labels'],
    ];
    for (const [value, code, path] of wrong) expect(() => parsePolicy(value)).toThrow(expect.objectContaining({ code, path }) as Error);
  });
  it('goes by the first rule that fits the page, whatever its query', () => {
    const policy = parsePolicy({ version: 1, pages: [{ url: '/mijn/betalen/**', mode: 'never' }, { url: '/mijn/*', mode: 'view-without-fields' }, { url: 'https://b.nl/**', mode: 'pause' }] });
    expect(pageMode(policy, 'https://a.nl/mijn/betalen/stap/1?x=/y')).toBe('never');
    expect(pageMode(policy, 'https://a.nl/mijn/post#1')).toBe('view-without-fields');
    expect(pageMode(policy, 'https://b.nl/')).toBe('pause');
    expect(pageMode(policy, 'https://a.nl/?next=/mijn/betalen/1')).toBe('view');
  });
  it('has one hash, whatever the order of its keys', async () => {
    const { version, ...rest } = STANDARD;
    expect(await policyHash({ ...rest, version })).toBe(await policyHash(STANDARD));
    expect(await policyHash({ ...STANDARD, labels: true })).not.toBe(await policyHash(STANDARD));
  });
});
