/** How form fields show: empty or filled, and their content only where the policy opens it and no rule forbids. */

import { Field } from '../protocol';
import { isProtectedValue, type ProtectedFields } from '../rules';
import type { Describer } from './describe';
import { Region } from './marks';
import type { Twin } from './tree';

/** Of the HTML namespace. */
export const FIELDS: ReadonlySet<string> = new Set(['input', 'textarea', 'select']);
export const isField = (element: Element): boolean => FIELDS.has(element.localName) && element.namespaceURI === 'http://www.w3.org/1999/xhtml';

export class Fields {
  private readonly describer: Describer;
  private readonly protection: ProtectedFields;

  constructor(describer: Describer, protection: ProtectedFields) {
    this.describer = describer;
    this.protection = protection;
  }

  state(element: Element, region: number): [Field, string] {
    const open = (region & Region.fields) !== 0 && !this.protection.isProtected(element);
    if (element.localName === 'select') return select(element as HTMLSelectElement, open);
    if (element.localName === 'textarea') return written((element as HTMLTextAreaElement).value, open);
    const input = element as HTMLInputElement;
    switch (input.type) {
      case 'submit': case 'button': case 'reset': case 'image': {
        const caption = this.describer.label(input.value, region);
        if (input.value === '') return [Field.empty, ''];
        return caption === null ? [Field.dots, ''] : [Field.text, caption];
      }
      case 'checkbox': case 'radio':
        if (!open) return [Field.hiddenChoice, ''];
        return [input.indeterminate ? Field.mixed : input.checked ? Field.on : Field.off, ''];
      case 'range': case 'color':
        return open ? [Field.text, input.value] : [Field.hiddenChoice, ''];
      case 'file':
        return [input.files && input.files.length > 0 ? Field.dots : Field.empty, ''];
      default:
        return input.validity.badInput ? [Field.dots, ''] : written(input.value, open);
    }
  }

  /** Whether the content of this field may be seen; an agent fills no other. */
  isOpen(twin: Twin): boolean {
    return (twin.region & Region.fields) !== 0 && !this.protection.isProtected(twin.node as Element);
  }

  isProtected(element: Element): boolean {
    return this.protection.isProtected(element);
  }
}

function written(value: string, open: boolean): [Field, string] {
  if (value === '') return [Field.empty, ''];
  if (!open || isProtectedValue(value)) return [Field.dots, ''];
  return [Field.text, value.slice(0, 8000).replace(/\p{Surrogate}/gu, '\ufffd')];
}

function select(element: HTMLSelectElement, open: boolean): [Field, string] {
  if (open) return [Field.options, [...element.options].flatMap((it, index) => (it.selected ? [index] : [])).join(',')];
  return element.value === '' ? [Field.empty, ''] : [Field.dots, ''];
}
