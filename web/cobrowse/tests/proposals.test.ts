import { describe, expect, it } from 'vitest';
import { LONGEST_ADDRESS, ProtocolError, read, Type, write } from '../src/index';
import { BETWEEN_MS, destinationOf, Proposals, type Answer } from '../src/recorder/proposals';

const HERE = 'https://stroom.nl/storing?postcode=1234AB#kaart';

describe('where a proposal leads', () => {
  it.each([
    ['/tarieven', 'https://stroom.nl/tarieven'], ['tarieven', 'https://stroom.nl/tarieven'], ['https://stroom.nl/tarieven?jaar=2026#gas', 'https://stroom.nl/tarieven?jaar=2026#gas'],
    ['  HTTPS://STROOM.NL:443/a  ', 'https://stroom.nl/a'], ['?postcode=9999ZZ', 'https://stroom.nl/storing?postcode=9999ZZ'], ['//stroom.nl/b', 'https://stroom.nl/b'],
    ['/x:javascript:alert(1)', 'https://stroom.nl/x:javascript:alert(1)'],
  ])('takes %s', (address, href) => {
    const found = destinationOf(address, HERE);
    expect(found instanceof URL && found.href).toBe(href);
  });

  it.each([
    ['', 'bad_address'], ['   ', 'bad_address'], ['javascript:alert(1)', 'bad_address'], ['java\nscript:alert(1)', 'bad_address'], ['\u0001javascript:alert(1)', 'bad_address'],
    ['data:text/html,x', 'bad_address'], ['blob:https://stroom.nl/1', 'bad_address'], ['file:///etc/passwd', 'bad_address'], ['mailto:a@b.nl', 'bad_address'], ['https://', 'bad_address'],
    ['https://user:pw@stroom.nl/', 'bad_address'], ['https://user@stroom.nl/', 'bad_address'], [`/${'a'.repeat(5_000)}`, 'bad_address'],
    ['//evil.example/', 'other_site'], ['\\\\evil.example\\a', 'other_site'], ['/\t/evil.example', 'other_site'], ['https://evil.example/', 'other_site'], ['http://stroom.nl/tarieven', 'other_site'],
    ['https://stroom.nl:8443/', 'other_site'], ['https://mijn.stroom.nl/', 'other_site'], ['https://stroom.nl.evil.example/', 'other_site'],
    [HERE, 'same_page'], ['#gas', 'same_page'], ['?postcode=1234AB', 'same_page'],
  ])('refuses %j: %s', (address, why) => expect(destinationOf(address, HERE)).toBe(why));

  it('is no longer than the protocol has it', () => {
    const told = (length: number) => read(write({ type: Type.propose, request: 1, address: 'a'.repeat(length) }));
    expect(told(LONGEST_ADDRESS)).toMatchObject({ request: 1 });
    expect(() => told(LONGEST_ADDRESS + 1)).toThrow(ProtocolError);
  });
});

it('puts one question at a time to the visitor, and not two within five seconds', async () => {
  const asked: { page: string; watcher: number; answer: (it: Answer) => void }[] = [];
  let now = 0;
  const proposals = new Proposals((url, watcher) => new Promise((answer) => asked.push({ page: url.pathname, watcher, answer })), () => now);
  const put = (path: string, watcher = 7) => proposals.put(new URL(path, HERE), watcher);
  const first = put('/a');
  now = 2 * BETWEEN_MS;
  expect(await put('/b', 8)).toBe('asked_already');
  asked[0]!.answer('declined');
  expect(await first).toBe('declined');
  const second = put('/c', 8);
  asked[1]!.answer('declined');
  await second;
  now += BETWEEN_MS - 1;
  expect(await put('/d')).toBe('asked_already');
  now += 1;
  void put('/e');
  expect(asked.map(({ page, watcher }) => [page, watcher])).toEqual([['/a', 7], ['/c', 8], ['/e', 7]]);
});
