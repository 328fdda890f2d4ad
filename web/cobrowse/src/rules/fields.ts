/** Which form fields stay masked whatever a policy says: passwords, cards, one-time codes, BSN, IBAN. */

import { forbidden } from './patterns';

const PROTECTED_AUTOCOMPLETE = /(?:^|\s)(?:cc-[\w-]+|one-time-code|(?:current|new)-password)(?:\s|$)/i;
/** Words in a field's name or label, Dutch and English. */
const PROTECTED_WORDS =
  /pass(?:word|wd|code|phrase)|wachtwoord|pin[ _-]?code|(?:^|[^a-z])(?:pin|otp|totp|tan|cvc|cvv|csc|bsn|iban|ssn)(?:[^a-z]|$)|burgerservice|sofi[ _-]?n|rekening(?:nummer|nr|[ _-]?number)|account[ _-]?(?:number|no\b)|bank[ _-]?account|card[ _-]?(?:number|no\b|num)|credit[ _-]?card|(?:kaart|pas)nummer|veiligheidscode|security[ _-]?code|verification[ _-]?code|verificatiecode|sms[ _-]?code|eenmalige[ _-]?code|one[ _-]?time/i;

/** Fields that were once seen as protected stay so, also when the page mounts them anew under the same name. */
export class ProtectedFields {
  private readonly seen = new WeakSet<Element>();
  private readonly names = new Set<string>();

  isProtected(field: Element): boolean {
    if (this.seen.has(field)) return true;
    const name = field.getAttribute('name') || field.id;
    const found = (name !== '' && this.names.has(name)) || isProtectedKind(field);
    if (!found) return false;
    this.seen.add(field);
    if (name) this.names.add(name);
    return true;
  }
}

function isProtectedKind(field: Element): boolean {
  const type = field.getAttribute('type')?.toLowerCase();
  if (type === 'password' || type === 'hidden' || type === 'file') return true;
  if (PROTECTED_AUTOCOMPLETE.test(field.getAttribute('autocomplete') ?? '')) return true;
  const named = ['name', 'id', 'aria-label', 'placeholder', 'title', 'data-testid'].map((it) => field.getAttribute(it) ?? '');
  // camelCase names come apart into words.
  if ([...named, labelOf(field)].some((it) => PROTECTED_WORDS.test(it.replace(/([a-z])([A-Z])/g, '$1 $2')))) return true;
  const style = field.ownerDocument.defaultView?.getComputedStyle(field);
  const security = style?.getPropertyValue('-webkit-text-security');
  return security !== undefined && security !== '' && security !== 'none';
}

function labelOf(field: Element): string {
  const labels = (field as HTMLInputElement).labels as NodeListOf<HTMLLabelElement> | null | undefined;
  let text = '';
  for (const label of labels ?? []) text += ` ${label.textContent.slice(0, 200)}`;
  return text;
}

/** A value that looks like a card, BSN or IBAN is masked in whatever field it stands. */
export const isProtectedValue = (value: string): boolean => forbidden(value).length > 0;
