/** The languages of the interface. */
export type Language = 'nl' | 'en';

/** The first known language of a list such as `navigator.languages`; English otherwise. */
export function pickLanguage(wanted: readonly string[], fallback: Language = 'en'): Language {
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'nl' || language === 'en') return language;
  }
  return fallback;
}
