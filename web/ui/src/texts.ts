import type { Language } from './language';

/** A text with {name} places, or one per plural form; `n` chooses the form. */
export type Text = string | { readonly one: string; readonly other: string };
type Table = Readonly<Record<string, Text>>;

type Places<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type Names<T> = T extends string ? Places<T> : T extends { other: infer O } ? Places<O> | 'n' : never;
type Values<T> = [Names<T>] extends [never] ? [] : [values: Record<Names<T>, string | number>];

/** Looks a text up: `t('key')`, or `t('key', {name})` when the text has places. Both are checked by the compiler. */
export type Translate<T extends Table> = <K extends keyof T & string>(key: K, ...values: Values<T[K]>) => string;

/**
 * One typed table for both languages: each key must stand in both. Places are read from the Dutch text.
 *
 * ```ts
 * const texts = createTexts({ nl: { hello: 'Hallo {name}' }, en: { hello: 'Hello {name}' } });
 * const t = texts('nl');
 * t('hello', { name: 'Noor' });
 * ```
 */
export function createTexts<const T extends Table>(tables: {
  readonly nl: T;
  readonly en: { readonly [K in keyof T]: Text };
}): (language: Language) => Translate<T> {
  return (language) => {
    const table = tables[language] as Table;
    const plural = new Intl.PluralRules(language);
    return (key, ...rest) => {
      const values = rest[0] as Record<string, string | number> | undefined;
      const text = table[key] ?? key;
      if (typeof text === 'string') return fill(text, values, language);
      return fill(plural.select(Number(values?.['n'])) === 'one' ? text.one : text.other, values, language);
    };
  };
}

function fill(text: string, values: Record<string, string | number> | undefined, language: Language): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values?.[name];
    return typeof value === 'number' ? value.toLocaleString(language) : (value ?? place);
  });
}
