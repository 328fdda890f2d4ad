import type { Look } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { NOTHING, type Kept } from '../src/look/kept';
import { barState, type Known } from '../src/look/sight';

const look = (state: Look['state']) => ({ id: 'lok_1', state }) as Look;
const kept: Kept = { ...NOTHING, look: 'lok_1', tab: 't', consented: true };
const seen: Known = {
  look: look('viewing'), kept, suspended: false, leads: true, line: 'up', page: 'viewing', asksConsent: false, unasked: false,
};

describe('what the bar says', () => {
  it.each<[string, Partial<Known>, ReturnType<typeof barState>]>([
    ['seen', {}, 'viewing'],
    ['paused here, whatever the desk still thinks', { kept: { ...kept, paused: true } }, 'paused'],
    ['the line is down', { line: 'down' }, 'down'],
    ['a pause outranks a line that is down', { kept: { ...kept, paused: true }, line: 'down' }, 'paused'],
    ['a page that is never seen', { page: 'never_here' }, 'page'],
    ['a page that pauses', { page: 'paused_by_page' }, 'page'],
    ['the line is on its way', { line: 'connecting' }, 'connecting'],
    ['another tab is in front', { leads: false }, 'elsewhere'],
    ['this tab did not agree', { kept: null }, 'elsewhere'],
    ['asked, and typing', { look: look('invited'), kept: null, unasked: true }, 'invited'],
    ['asked, with the question open', { look: look('invited'), kept: null, asksConsent: true, unasked: true }, null],
    ['a code is shown', { look: look('code'), kept: null, unasked: true }, null],
    ['ended here, not known to the desk yet', { kept: { ...kept, ended: 'visitor' } }, null],
    ['nothing of the chat may be here', { suspended: true }, null],
    ['nobody looks', { look: null, kept: null }, null],
  ])('%s', (_, change, state) => {
    expect(barState({ ...seen, ...change })).toBe(state);
  });
});
