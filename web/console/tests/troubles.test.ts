import { describe, expect, it } from 'vitest';
import { FAULTS, type FromVisitor, type TroubleKind, Type } from '@balie/cobrowse';
import { howMany, NO_TROUBLES, troublesAfter } from '../src/look/troubles';
import { en } from '../src/text/en';
import { nl } from '../src/text/nl';

const trouble = (kind: TroubleKind, count: number, text = ''): FromVisitor => ({ type: Type.trouble, kind, count, id: kind === 'form' ? 7 : 0, fault: kind === 'form' ? 'required' : 'other', text });
const after = (...messages: FromVisitor[]) => messages.reduce((troubles, one) => troublesAfter(troubles, one, 'https://a.nl/'), NO_TROUBLES);

describe('what goes wrong on the page', () => {
  it('is counted by kind, and the last word stands', () => {
    const troubles = after(trouble('script', 2), trouble('request', 1), trouble('script', 3));
    expect(troubles.latest).toEqual({ kind: 'script', count: 5, id: 0, fault: 'other', text: '' });
    expect([howMany(troubles), troubles.n]).toEqual([6, 3]);
  });

  it('is of a form what is not right now, however often it was looked at', () => {
    const troubles = after(trouble('form', 3, 'Vul dit in'), trouble('form', 1, 'Vul dit in'));
    expect(troubles.latest).toMatchObject({ kind: 'form', count: 1, id: 7, text: 'Vul dit in' });
    expect(howMany(troubles)).toBe(1);
  });

  it('is of one page: nothing is left on the next, nor on a fresh picture', () => {
    const begin: FromVisitor = { type: Type.snapshotBegin, width: 1, height: 1, quirks: false, policy: '', address: 'https://a.nl/' };
    const page = (address: string): FromVisitor => ({ type: Type.page, address, title: 'T' });
    expect(after(trouble('script', 1), begin)).toBe(NO_TROUBLES);
    expect(after(trouble('script', 1), page('https://a.nl/b'))).toBe(NO_TROUBLES);
    expect(howMany(after(trouble('script', 1), page('https://a.nl/')))).toBe(1);
  });

  it('has words in both languages', () => {
    for (const { looking } of [nl, en]) {
      for (const fault of FAULTS) expect(fault === 'other' || looking.form.kinds[fault]).toBeTruthy();
      for (const say of [looking.troubles.script, looking.troubles.request, looking.troubles.label]) {
        expect(say(3)).toContain('3');
        expect(say(1)).not.toContain('3');
      }
      expect(looking.troubles.form('x', 1)).toMatch(/: x$/);
    }
    expect(nl.looking.troubles.script(3)).toBe('Fout in een script op de pagina (3)');
  });
});
