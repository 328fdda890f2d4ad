import { describe, expect, it } from 'vitest';
import { translation } from '../src/panel/texts';

describe('the texts', () => {
  it('fill in names and numbers in both languages', () => {
    expect(translation('nl')('left', { n: 1 })).toBe('Nog 1 teken');
    expect(translation('en')('over', { n: 12 })).toBe('12 characters too many');
    expect(translation('nl')('joined', { name: 'Sanne' })).toBe('Sanne helpt je verder');
  });
});
