/** The words of each consent lie with the desk too, by their version: who looks into one later has to find what was asked. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONSENT_TEXT, CROSSING_TEXT, RECORDING_TEXT, translation } from '../src/look/texts';

const kept = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../src/balie/features/cobrowse/consents.json'), 'utf8'),
) as Record<string, Record<'nl' | 'en', string[]>>;
const LOOK = ['title', 'lead', 'sees', 'seesPages', 'seesPointer', 'never', 'neverSecrets', 'neverElse', 'fields', 'stop'] as const;
const CROSSING = ['crossTitle', 'crossLead', 'crossStop'] as const;
const RECORDING = ['recTitle', 'recLead', 'recKept', 'recWho', 'recStop'] as const;

describe.each(['nl', 'en'] as const)('the words of consent in %s', (language) => {
  const say = translation(language);
  const shown = (keys: readonly (typeof LOOK | typeof CROSSING | typeof RECORDING)[number][]) =>
    keys.map((key) => say(key, { name: '{name}', site: '{site}', from: '{from}', n: 30 }));
  const told = (version: string) => kept[version]?.[language].map((it) => it.replace('{n}', '30'));

  it('are kept for looking along', () => expect(told(CONSENT_TEXT)).toEqual(shown(LOOK)));
  it('are kept for going on at a sister site', () => expect(told(CROSSING_TEXT)).toEqual(shown(CROSSING)));
  it('are kept for being recorded', () => expect(told(RECORDING_TEXT)).toEqual(shown(RECORDING)));
});
