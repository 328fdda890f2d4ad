import type { CannedReply } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { findReplies } from '../src/canned/find';
import { fill, firstName, gaps, pieces, unknownVariables, type Values } from '../src/canned/variables';

const anna: Values = {
  'contact.firstName': 'Anna',
  'contact.name': 'Anna de Boer',
  'contact.email': 'anna@example.nl',
  'contact.phone': '',
  'agent.name': 'Sanne de Vries',
  'agent.firstName': 'Sanne',
  'conversation.number': '75',
  'organisation.name': 'Kwelder',
};
const nobody: Values = { ...anna, 'contact.firstName': '', 'contact.name': '', 'contact.email': '' };

describe('variables of a canned reply', () => {
  it('are filled in with what is known', () => {
    expect(fill('Dag {{contact.firstName}}, met {{ agent.name }}.', anna)).toBe('Dag Anna, met Sanne de Vries.');
  });

  it('leave a salutation that reads well when the name is not known', () => {
    expect(fill('Dag {{contact.firstName}}, waarmee kan ik helpen?', nobody)).toBe('Dag, waarmee kan ik helpen?');
    expect(fill('Bedankt {{contact.name}}.', nobody)).toBe('Bedankt.');
  });

  it('take the fallback that the reply names', () => {
    expect(fill('Hello {{contact.firstName|there}}.', nobody)).toBe('Hello there.');
  });

  it('stay in the text when they must be filled in by hand', () => {
    const text = fill('We bellen {{contact.phone}} morgen.', anna);
    expect(text).toBe('We bellen {{contact.phone}} morgen.');
    expect(gaps(text)).toEqual([{ name: 'contact.phone', from: 10, to: 27 }]);
  });

  it('never take a value for another variable', () => {
    expect(fill('{{contact.name}}', { ...anna, 'contact.name': '{{agent.name}}' })).toBe('{{agent.name}}');
  });

  it('are told apart in a preview', () => {
    expect(pieces('Dag {{contact.firstName}} {{contact.phone}}', nobody).map((one) => one.kind)).toEqual(['text', 'dropped', 'text', 'missing']);
  });

  it('that do not exist are named to whoever writes the reply, and do not hold up sending', () => {
    expect(unknownVariables('{{contact.shoeSize}} {{agent.name}} {{constructor.constructor}}')).toEqual(['contact.shoeSize', 'constructor.constructor']);
    expect(gaps('een {{ding}} in {{ accolades')).toEqual([]);
  });
});

it('knows the first name of a name', () => {
  expect(firstName('  Anna  de Boer')).toBe('Anna');
  expect(firstName('')).toBe('');
});

describe('finding a canned reply', () => {
  const reply = (shortcut: string, title: string, language: CannedReply['language'], text = ''): CannedReply => ({ id: shortcut, shortcut, title, language, text });
  const all = [
    reply('hello', 'Greeting', 'en'),
    reply('hallo', 'Begroeting', 'nl'),
    reply('regeling', 'Betalingsregeling', 'nl', 'in zes delen betalen'),
    reply('iban', 'IBAN', ''),
  ];
  const found = (search: string, spoken: 'nl' | 'en') => findReplies(search, all, spoken).map((one) => one.shortcut);

  it('shows those in the language of the conversation first', () => {
    expect(found('', 'nl')).toEqual(['hallo', 'regeling', 'iban', 'hello']);
    expect(found('', 'en')[0]).toBe('hello');
  });

  it('looks at shortcut, title and text', () => {
    expect(found('rege', 'nl')[0]).toBe('regeling');
    expect(found('betaal zes', 'nl')).toEqual([]);
    expect(found('zes delen', 'nl')).toEqual(['regeling']);
    expect(found('begr', 'en')).toEqual(['hallo']);
  });
});
