import { expect, it } from 'vitest';
import { NO_PRESENCE, NOBODY_TYPES, seePresence, seeTyping, typingAfterFact, typingEnds, typistsOf } from '../src/index';
import { message, NOOR, OMAR } from './facts';

const types = (actor: typeof NOOR, on = true): Parameters<typeof seeTyping>[1] => ({
  kind: 'typing',
  conversation: 'cnv_1',
  actor,
  on,
});

it('typing lasts 6 s unless repeated, ended or sent', () => {
  let typing = seeTyping(NOBODY_TYPES, types(NOOR), 1_000);
  typing = seeTyping(typing, types(OMAR), 2_000);
  expect(typistsOf(typing, 'cnv_1', 6_999)).toEqual([NOOR, OMAR]);
  expect(typistsOf(typing, 'cnv_1', 7_000)).toEqual([OMAR]);
  expect(typistsOf(typing, 'cnv_2', 2_000)).toEqual([]);
  expect(typingEnds(typing, 2_000)).toBe(7_000);
  typing = seeTyping(typing, types(NOOR), 4_000);
  expect(typistsOf(typing, 'cnv_1', 7_500)).toEqual([OMAR, NOOR]);
  expect(typistsOf(seeTyping(typing, types(OMAR, false), 4_500), 'cnv_1', 5_000)).toEqual([NOOR]);
  const sent = typingAfterFact(typing, message(2, OMAR, 'klaar'));
  expect(typistsOf(sent, 'cnv_1', 5_000)).toEqual([NOOR]);
  expect(typingAfterFact(sent, message(3, OMAR, 'x'))).toBe(sent);
  expect(typingEnds(typing, 60_000)).toBe(null);
});

it('presence follows contacts, pages and colleagues', () => {
  const page = { url: 'https://example.nl/', title: 'Home', at: 1, tab: '' };
  let presence = seePresence(NO_PRESENCE, { kind: 'page', contact: 'con_1', page });
  expect(presence.online.has('con_1')).toBe(true);
  expect(presence.pages.get('con_1')).toBe(page);
  presence = seePresence(presence, { kind: 'presence', contact: 'con_1', online: false });
  expect(presence.online.has('con_1')).toBe(false);
  presence = seePresence(presence, { kind: 'agent', agent: 'agt_1', connected: true });
  expect(presence.agents.has('agt_1')).toBe(true);
  expect(seePresence(presence, types(NOOR))).toBe(presence);
});
