import type { Conversation } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../src/contact/address';
import { deviceName } from '../src/contact/device';
import { onPage } from '../src/contact/visit';
import { inHeldOrder } from '../src/model/list';
import { parse, pathOf } from '../src/model/route';
import { originsIn, snippet } from '../src/settings/origins';

describe('the address', () => {
  it('is the view and the conversation, both ways', () => {
    const place = { view: 'mine', conversation: 'cnv_01m804qw65ewmstmpbcsjrny9z' } as const;
    expect(parse(pathOf(place))).toEqual(place);
    expect(pathOf({ view: 'closed', conversation: null })).toBe('/console/inbox/closed');
  });

  it.each(['/console/', '/console/inbox', '/console/inbox/%E0%A4%A', '/console/inbox/<script>', '/console/other/mine'])('falls back to the waiting list from %s', (path) => {
    expect(parse(path)).toEqual({ view: 'unassigned', conversation: null });
  });

  it('names no conversation that cannot be one', () => {
    expect(parse('/console/inbox/all/..%2F..%2Fadmin').conversation).toBeNull();
  });
});

describe('what a browser reported', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://bank.example@evil.example/', 'no address'])('%s is no link', (url) => {
    expect(addressOf(url).href).toBeNull();
  });

  it('shows the path of a page', () => {
    expect(addressOf('https://kwelder.example/nl/jaarnota')).toEqual({ href: 'https://kwelder.example/nl/jaarnota', path: '/nl/jaarnota' });
  });

  it.each([
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36', 'Chrome 142 · Android 15'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0', 'Edge 142 · Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1', 'Safari 18 · iPhone, iOS 18'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox 145 · macOS'],
    ['<img src=x>', '<img src=x>'],
  ])('%s', (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });

  it('counts a page once when it is told twice', () => {
    const visit = { online: false, current: null, pages: [], device: '', state: null };
    const page = { url: 'https://a.example/', title: 'A', at: 1, tab: 't' };
    const once = onPage(visit, page);
    expect(onPage(once, { ...page, at: 2 }).pages).toHaveLength(1);
    expect(onPage(once, { ...page, url: 'https://a.example/b' })).toMatchObject({ online: true, current: { url: 'https://a.example/b' } });
  });

  it('forgets how a page stood when the next one comes', () => {
    const state = { url: 'https://a.example/', tab: 't', viewport: { width: 390, height: 844 }, form: ['required' as const], since: 1, at: 2 };
    const visit = { online: true, current: null, pages: [], device: '', state };
    expect(onPage(visit, { url: 'https://a.example/', title: '', at: 1, tab: 't' }).state).toEqual(state);
    expect(onPage(visit, { url: 'https://a.example/b', title: '', at: 3, tab: 't' }).state).toBeNull();
  });
});

it('keeps rows where they were while the pointer rests on them, and puts new ones below', () => {
  const rows = ['new', 'b', 'a'].map((id) => ({ id }) as Conversation);
  expect(inHeldOrder(rows, ['a', 'gone', 'b']).map((row) => row.id)).toEqual(['a', 'b', 'new']);
});

describe('the sites of an inbox', () => {
  it('are origins, once each', () => {
    expect(originsIn('https://a.example/contact\n\nhttps://a.example\n http://localhost:8080 ')).toEqual({ origins: ['https://a.example', 'http://localhost:8080'], bad: null });
  });

  it.each(['a.example', 'javascript:alert(1)', '*'])('refuse %s by name', (line) => {
    expect(originsIn(`https://ok.example\n${line}`).bad).toBe(line);
  });

  it('get one script tag', () => {
    const inbox = { id: 'inb_1', name: 'Site', kind: 'web', key: 'kwelder', team: null, language: 'nl', calendar: null, allowedOrigins: [] } as const;
    expect(snippet({ ...inbox, allowedOrigins: [] }, 'https://desk.example')).toBe('<script async src="https://desk.example/widget.js" data-inbox="kwelder"></script>');
  });
});
