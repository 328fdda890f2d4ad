import { expect, it } from 'vitest';
import { createTexts, cx, pickLanguage } from '../src/index';

const texts = createTexts({
  nl: {
    plain: 'Verstuur',
    hello: 'Hallo {name}, je bent nummer {place}',
    unread: { one: '{n} ongelezen bericht van {name}', other: '{n} ongelezen berichten van {name}' },
  },
  en: {
    plain: 'Send',
    hello: 'Hello {name}, you are number {place}',
    unread: { one: '{n} unread message from {name}', other: '{n} unread messages from {name}' },
  },
});

it('fills places and chooses the plural form', () => {
  const nl = texts('nl');
  const en = texts('en');
  expect(nl('plain')).toBe('Verstuur');
  expect(nl('hello', { name: 'Noor', place: 3 })).toBe('Hallo Noor, je bent nummer 3');
  expect(nl('unread', { n: 1, name: 'Noor' })).toBe('1 ongelezen bericht van Noor');
  expect(en('unread', { n: 1_200, name: 'Noor' })).toBe('1,200 unread messages from Noor');
});

it('does not read places in what is filled in', () => {
  expect(texts('nl')('hello', { name: '{place} $& <b>', place: 1 })).toBe('Hallo {place} $& <b>, je bent nummer 1');
});

it('is checked by the compiler', () => {
  const t = texts('nl');
  // @ts-expect-error a place is missing
  expect(t('hello', { name: 'Noor' })).toContain('{place}');
  // @ts-expect-error no such text
  expect(t('nothing')).toBe('nothing');
  // @ts-expect-error a key is missing in English
  createTexts({ nl: { a: 'a', b: 'b' }, en: { a: 'a' } });
});

it('picks a language and joins class names', () => {
  expect(pickLanguage(['fr-FR', 'nl-BE', 'en'])).toBe('nl');
  expect(pickLanguage(['fr'], 'nl')).toBe('nl');
  expect(cx('a', false, undefined, 'b', null, '')).toBe('a b');
});
