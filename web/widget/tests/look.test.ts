import { describe, expect, it } from 'vitest';
import { isOwnTab, NOTHING, readKept, writeKept } from '../src/look/kept';
import { Lead, type LeadChannel } from '../src/look/lead';
import { translation } from '../src/look/texts';
import { assetReference } from '../src/mirror/assets';

describe('the tab that leads', () => {
  /** As BroadcastChannel: everybody but the sender hears it. */
  function air(): () => LeadChannel {
    const all: LeadChannel[] = [];
    return () => {
      const channel: LeadChannel = {
        onmessage: null,
        postMessage: (data) => all.filter((it) => it !== channel).forEach((it) => it.onmessage?.({ data })),
        close: () => void all.splice(all.indexOf(channel), 1),
      };
      all.push(channel);
      return channel;
    };
  }

  it('is the one that the visitor turned to last, and there is one at most', () => {
    const join = air();
    const said: string[] = [];
    const tab = (name: string) => new Lead(join(), (mine) => said.push(`${name} ${mine ? 'leads' : 'rests'}`));
    const [a, b] = [tab('a'), tab('b')];
    a.take();
    b.take();
    b.take();
    a.take();
    expect(said).toEqual(['a leads', 'a rests', 'b leads', 'b rests', 'a leads']);
    expect([a.mine, b.mine]).toEqual([true, false]);
    a.close();
    b.take();
    expect(said).toHaveLength(6);
  });
});

describe('a tab that agreed', () => {
  /** Web Locks as far as they are used: one holder a name, others wait until they give up. */
  function locks(): LockManager {
    const held = new Set<string>();
    const request = (name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> => {
      if (!held.has(name)) {
        held.add(name);
        return hold();
      }
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))));
    };
    return { request } as unknown as LockManager;
  }

  it('is not its own copy', async () => {
    const all = locks();
    expect(await isOwnTab('t1', all, 1)).toBe(true);
    expect(await isOwnTab('t1', all, 1)).toBe(false);
    expect(await isOwnTab('t2', all, 1)).toBe(true);
    expect(await isOwnTab('t1', undefined)).toBe(true);
  });

  it('takes nothing for a consent that is none, and lives without storage', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (it: string) => kept.get(it) ?? null, setItem: (it: string, value: string) => void kept.set(it, value), removeItem: (it: string) => void kept.delete(it) };
    Object.assign(globalThis, { sessionStorage: storage });
    for (const text of ['', '{', 'null', '[]', '{"look":1,"tab":"t"}', '{"look":"lok_1"}']) {
      kept.set('balie:k:look', text);
      expect(readKept('k')).toBeNull();
    }
    kept.set('balie:k:look', '{"look":"lok_1","tab":"t"}');
    expect(readKept('k')?.consented).toBe(false);
    writeKept('k', { ...NOTHING, look: 'lok_1', tab: 't', consented: true });
    expect(readKept('k')?.consented).toBe(true);
    writeKept('k', null);
    expect(kept.size).toBe(0);
    Object.assign(globalThis, { sessionStorage: { getItem: () => { throw new Error('forbidden'); }, removeItem: () => { throw new Error('forbidden'); } } });
    expect(readKept('k')).toBeNull();
    expect(() => writeKept('k', null)).not.toThrow();
  });
});

describe('images that an agent may ask the desk for', () => {
  const site = 'https://kwelder.nl';
  it.each([
    ['https://kwelder.nl/assets/hero.5f3a9c1b.png', '?u=https%3A%2F%2Fkwelder.nl%2Fassets%2Fhero.5f3a9c1b.png'],
    ['https://kwelder.nl/assets/logo.svg?v=3#top', '?u=https%3A%2F%2Fkwelder.nl%2Fassets%2Flogo.svg'],
  ])('are those of the site, without what the address carries: %s', (address, reference) => {
    expect(assetReference(address, site)).toBe(reference);
  });
  it.each([
    'https://kwelder.nl.evil.example/a.png', 'https://cdn.example/a.png', 'data:image/png;base64,AAAA', 'https://kwelder.nl/klant/123456789/foto.png',
    'https://kwelder.nl/avatars/123456789.png', 'https://kwelder.nl/f/9f86d081884c7d65/a.png', 'https://kwelder.nl/jan%40voorbeeld.nl.png', 'https://kwelder.nl/', 'x',
  ])('are no others: %s', (address) => {
    expect(assetReference(address, site)).toBeNull();
  });
});

it('says the same in both languages, with the name in it', () => {
  const [nl, en] = [translation('nl'), translation('en')];
  expect(nl('title', { name: 'Fatima' })).toBe('Mag Fatima met je meekijken?');
  expect(en('mayAct', { n: 1 })).toBe('May click and fill in for 1 more minute');
  expect(nl('mayAct', { n: 9 })).toBe('Mag klikken en invullen, nog 9 minuten');
});
