/** The platform's REST API as the simulator needs it: register, import, ask; with deadlines and retries. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface ApiClient {
  /** PUTs a JSON body; the same call twice changes nothing. */
  put(path: string, body: unknown): Promise<void>;
  post(path: string, body: unknown): Promise<unknown>;
  postLines(path: string, lines: string): Promise<unknown>;
  get(path: string): Promise<unknown>;
}

export interface ApiClientOptions {
  /** `http://host:port`; `/api/v1` is added. */
  apiUrl: string;
  token: string;
  signal?: AbortSignal;
  /** Longest wait for one answer, ms; default 60 s, because an import is answered when it is durable. */
  deadlineMs?: number;
  tries?: number;
}

/** What the platform answered when it was not what was asked for. */
class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
  }
}

export function createApiClient({
  apiUrl,
  token,
  signal,
  deadlineMs = 60_000,
  tries = 6,
}: ApiClientOptions): ApiClient {
  const root = `${apiUrl.replace(/\/+$/, '')}/api/v1`;

  const once = async (method: string, path: string, contentType?: string, body?: string): Promise<unknown> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const response = await fetch(`${root}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(contentType ? { 'content-type': contentType } : {}) },
      ...(body === undefined ? {} : { body }),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      redirect: 'error', // the token goes to the address it was given for, nowhere else
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    throw new ApiError(`${method} ${path}: ${response.status} ${problemOf(text)}`, response.status);
  };

  const patient = async (method: string, path: string, contentType?: string, body?: string): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await once(method, path, contentType, body);
      } catch (error) {
        signal?.throwIfAborted();
        const final = error instanceof ApiError && error.status < 500 && error.status !== 429;
        if (final || error instanceof SyntaxError) throw error;
        if (attempt >= tries)
          throw new Error(`${method} ${root}${path}: no answer after ${tries} tries`, { cause: error });
        await sleep(100 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal });
      }
    }
  };

  return {
    put: async (path, body) => {
      await patient('PUT', path, 'application/json', JSON.stringify(body));
    },
    post: (path, body) =>
      body === undefined ? patient('POST', path) : patient('POST', path, 'application/json', JSON.stringify(body)),
    postLines: (path, lines) => patient('POST', path, 'application/x-ndjson', lines),
    get: (path) => patient('GET', path),
  };
}

/** The platform explains itself in RFC 9457 problems; anything else is shown as it came, cut short. */
function problemOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'detail' in body) {
      return `${String(body.detail)}${'errors' in body ? ` ${JSON.stringify(body.errors)}` : ''}`;
    }
  } catch {
    // not JSON
  }
  return text.slice(0, 200);
}

/** Runs `work` on every item, `limit` at a time, in order of start; the first failure ends it. */
export async function forEachLimited<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed: { error: unknown } | undefined;
  const under = new Set<Promise<void>>();
  for await (const item of items) {
    if (failed) break;
    const task = work(item)
      .catch((error) => {
        failed ??= { error };
      })
      .finally(() => under.delete(task));
    under.add(task);
    if (under.size >= limit) await Promise.race(under);
  }
  await Promise.all(under);
  if (failed) throw failed.error;
}
