// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { formErrors } from '../src/panel/hints';

/** Fields as a browser judges them; happy-dom lays nothing out, so what is in sight is said here. */
function field(validity: Partial<ValidityState>): Element {
  const made = document.createElement('input');
  Object.defineProperty(made, 'validity', { value: { valid: Object.keys(validity).length === 0, ...validity }, configurable: true });
  document.querySelector('form')?.append(made);
  return made;
}

function said(attributes: Record<string, string>, text: string, parent: Element | null, shown = true): void {
  const made = document.createElement('p');
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  made.getClientRects = () => (shown ? [{}] : []) as unknown as DOMRectList;
  parent?.append(made);
}

describe('the kinds of form error that stand on a page', () => {
  beforeEach(() => {
    document.body.innerHTML = '<main><form></form></main><aside></aside>';
  });

  it.each([
    [{ valueMissing: true }, 'required'],
    [{ typeMismatch: true }, 'type'],
    [{ badInput: true }, 'type'],
    [{ patternMismatch: true }, 'pattern'],
    [{ rangeOverflow: true }, 'range'],
    [{ tooShort: true }, 'length'],
    [{ customError: true }, 'message'],
  ] as const)('%o is told as %s', (validity, kind) => {
    expect(formErrors(new Set([field(validity)]))).toEqual([kind]);
  });

  it('are each told once, in one order, until they are mended or gone', () => {
    const [mended, gone, stays] = [field({ valueMissing: true }), field({ patternMismatch: true }), field({ patternMismatch: true })];
    const fields = new Set([stays, mended, gone, field({ valueMissing: true })]);
    expect(formErrors(fields)).toEqual(['required', 'pattern']);
    Object.defineProperty(mended, 'validity', { value: { valid: true } });
    gone.remove();
    expect(formErrors(fields)).toEqual(['required', 'pattern']);
    expect(fields).not.toContain(mended);
    expect(fields).not.toContain(gone);
  });

  it('are what the page says itself, where it is about a form and in sight', () => {
    const [form, aside] = [document.querySelector('form'), document.querySelector('aside')];
    said({ role: 'alert' }, 'Nieuwsbrief', aside);
    said({ role: 'alert' }, '  ', form);
    said({ role: 'alert' }, 'Verborgen', form, false);
    said({ 'aria-invalid': 'false' }, '', form);
    expect(formErrors(new Set())).toEqual([]);
    said({ role: 'alert' }, 'Inloggen is niet gelukt', document.querySelector('main'));
    expect(formErrors(new Set())).toEqual(['message']);
  });

  it('never carry a word of the page', () => {
    said({ 'aria-invalid': 'true' }, 'geheim', document.querySelector('form'));
    expect(JSON.stringify(formErrors(new Set([field({ valueMissing: true })])))).toBe('["required","message"]');
  });
});
