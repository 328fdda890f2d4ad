import type { CannedReply, Conversation } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { find, type Sources } from '../src/search/commands';
import { fold, rank, score } from '../src/search/rank';

describe('ranking', () => {
  it('puts whole before start before word before inside, and nothing for no match', () => {
    const order = ['anna', 'annabel', 'joanna de anna', 'de anna', 'joanna'].map((text) => score('anna', text));
    expect(order[0]).toBeGreaterThan(order[1] ?? 0);
    expect(order[1]).toBeGreaterThan(order[3] ?? 0);
    expect(order[3]).toBeGreaterThan(order[4] ?? 0);
    expect(score('anna', 'bert')).toBe(0);
  });

  it('does not mind accents, capitals or the order of words', () => {
    expect(rank('zoe', ['Zoë Bakker'], (one) => [fold(one)], 5)).toHaveLength(1);
    expect(rank('yildiz', ['Zoë Yıldız'], (one) => [fold(one)], 5)).toHaveLength(1);
    expect(rank('vries san', ['Sanne de Vries'], (one) => [fold(one)], 5)).toHaveLength(1);
  });

  it('finds people by the first letters of their names', () => {
    expect(score('jvd', 'jan van dijk')).toBeGreaterThan(0);
    expect(score('jxd', 'jan van dijk')).toBe(0);
  });

  it('keeps equal ones in their order and stops at the limit', () => {
    expect(rank('a', ['aa', 'ab', 'ac'], (one) => [one], 2).map(({ item }) => item)).toEqual(['aa', 'ab']);
  });
});

describe('the command bar', () => {
  const row = (number: number, name: string, text: string, email = ''): Conversation => ({
    id: `cnv_${number}`, seq: 1, number, inbox: 'inb_1', contact: { id: `con_${name}`, name, email, phone: '', language: 'nl' },
    status: 'open', assignee: null, language: 'nl', openedAt: number, closedAt: null, lastAt: number,
    last: { kind: 'message', actor: { kind: 'contact', id: 'con_1', name }, text }, waitingSince: null,
    visitorMark: { delivered: 0, read: 0 }, deskMark: { delivered: 0, read: 0 }, visitorUnread: 0, deskUnread: 0,
  });
  const reply: CannedReply = { id: 'rpl_1', shortcut: 'nota', title: 'Jaarnota', text: 'Je jaarnota staat klaar.', language: 'nl' };
  const sources: Sources = {
    actions: [{ action: 'close', title: 'Afsluiten', view: false }, { action: 'gotoAll', title: 'Ga naar alle gesprekken', view: true }],
    conversations: [row(75, 'Anna de Boer', 'mijn nota klopt niet', 'anna@example.nl'), row(76, 'Bert', 'hallo'), row(77, 'Anna de Boer', 'nog iets', 'anna@example.nl')],
    replies: [reply],
    codeTitle: (code) => `Look along with ${code}`,
    nameOf: (one) => one.contact.name,
  };
  const titles = (search: string) => find(search, sources).map((one) => `${one.group}: ${one.title}`);

  it('shows actions and lists before anything is typed', () => {
    expect(titles('')).toEqual(['actions: Afsluiten', 'views: Ga naar alle gesprekken']);
  });

  it('finds an action by its word', () => {
    expect(titles('afs')[0]).toBe('actions: Afsluiten');
  });

  it('finds a conversation by name, words and number', () => {
    expect(titles('bert')).toContain('conversations: Bert');
    expect(titles('hallo')).toEqual(['conversations: Bert']);
    expect(titles('#76')).toEqual(['conversations: Bert']);
  });

  it('shows a contact with an address once', () => {
    expect(titles('anna@')).toEqual(['contacts: Anna de Boer']);
  });

  it('finds a canned reply by its shortcut', () => {
    expect(titles('/nota')).toEqual(['replies: Jaarnota']);
  });
});
