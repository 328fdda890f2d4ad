/** A problem+json answer (RFC 9457), or a failure without one (`status` 0: no network). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** What was wrong, by field. */
  readonly errors: readonly FieldError[];
  /** Seconds to wait before trying again, when the answer said so. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail = '', errors: readonly FieldError[] = [], retryAfter: number | null = null) {
    super(detail || code);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

export interface FieldError {
  /** A JSON pointer into the body, or a parameter's name. */
  readonly pointer?: string;
  readonly field?: string;
  readonly code?: string;
  readonly detail?: string;
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** A visitor's token, sent as Bearer. */
  readonly token?: string | null;
  /** An agent's CSRF token, sent as X-CSRF-Token. */
  readonly csrf?: string | null;
  /** Sent as Idempotency-Key, so that a repeated POST counts once. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** Give up after this long; 15 s unless said. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** Calls the desk; resolves to the answer's JSON (undefined for 204), throws `Problem` for all else. */
export async function call<T>(url: string, options: CallOptions = {}): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, options.timeoutMs ?? 15_000);
  options.signal?.addEventListener('abort', () => {
    limit.abort();
  });
  try {
    const answer = await (options.fetch ?? fetch)(url, {
      method: options.method ?? 'GET',
      headers: headers(options),
      signal: limit.signal,
      credentials: options.token == null ? 'same-origin' : 'omit',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (!answer.ok) throw await problemOf(answer);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, limit.signal.aborted ? 'timeout' : 'network');
  } finally {
    clearTimeout(timer);
  }
}

function headers({ body, token, csrf, key }: CallOptions): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(token == null ? {} : { Authorization: `Bearer ${token}` }),
    ...(csrf == null ? {} : { 'X-CSRF-Token': csrf }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  };
}

async function problemOf(answer: Response): Promise<Problem> {
  const wait = Number(answer.headers.get('Retry-After') ?? NaN);
  const body = (await answer.json().catch(() => ({}))) as Partial<Record<string, unknown>>;
  return new Problem(
    answer.status,
    typeof body['code'] === 'string' ? body['code'] : `http_${answer.status}`,
    typeof body['detail'] === 'string' ? body['detail'] : '',
    Array.isArray(body['errors']) ? (body['errors'] as FieldError[]) : [],
    Number.isFinite(wait) ? wait : null,
  );
}
