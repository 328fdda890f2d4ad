import { expect, it } from 'vitest';
import { call, Problem } from '../src/index';

interface Asked {
  url: string;
  init: RequestInit;
}

/** A fetch that gives one answer and keeps what was asked. */
function answering(answer: () => Promise<Response>): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  const fake = (url: string, init: RequestInit): Promise<Response> => {
    asked.push({ url, init });
    return Promise.race([
      answer(),
      new Promise<never>((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      }),
    ]);
  };
  return { fetch: fake as unknown as typeof fetch, asked };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): (() => Promise<Response>) => {
  return () => Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers }));
};

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error: unknown = await promise.then(() => null, (it: unknown) => it);
  if (!(error instanceof Problem)) throw new Error('no problem');
  return error;
}

it('sends JSON with the headers that the desk wants', async () => {
  const { fetch, asked } = answering(json(201, { id: 1 }));
  expect(await call('/v1/x', { method: 'POST', body: { a: 1 }, csrf: 'c', key: 'k', fetch })).toEqual({ id: 1 });
  expect(asked[0]).toMatchObject({
    url: '/v1/x',
    init: {
      method: 'POST',
      body: '{"a":1}',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': 'c', 'Idempotency-Key': 'k' },
    },
  });
});

it('sends a visitor’s token and no cookies', async () => {
  const { fetch, asked } = answering(json(204, undefined));
  expect(await call('https://desk.example/v1/x', { token: 't', fetch })).toBe(undefined);
  expect(asked[0]?.init).toMatchObject({ credentials: 'omit', headers: { Authorization: 'Bearer t' } });
});

it('throws what the desk says', async () => {
  const body = { type: 'about:blank', title: 'No', status: 400, detail: 'Too long', code: 'text_too_long', errors: [{ field: 'text' }] };
  const problem = await problemOf(call('/', { fetch: answering(json(400, body)).fetch }));
  expect(problem).toMatchObject({ status: 400, code: 'text_too_long', message: 'Too long', errors: [{ field: 'text' }], retryAfter: null });
  const late = await problemOf(call('/', { fetch: answering(json(429, {}, { 'Retry-After': '7' })).fetch }));
  expect(late).toMatchObject({ status: 429, code: 'http_429', retryAfter: 7 });
});

it('has a problem for answers that are no JSON, a dead network, a time-out and an abort', async () => {
  const page = answering(() => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 })));
  expect(await problemOf(call('/', { fetch: page.fetch }))).toMatchObject({ status: 502, code: 'http_502' });
  const dead = answering(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await problemOf(call('/', { fetch: dead.fetch }))).toMatchObject({ status: 0, code: 'network' });
  const silent = answering(() => new Promise(() => undefined));
  expect(await problemOf(call('/', { fetch: silent.fetch, timeoutMs: 1 }))).toMatchObject({ status: 0, code: 'timeout' });
  const stop = new AbortController();
  const stopped = problemOf(call('/', { fetch: silent.fetch, signal: stop.signal }));
  stop.abort();
  expect(await stopped).toMatchObject({ status: 0, code: 'timeout' });
});
