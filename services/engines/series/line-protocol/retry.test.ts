import { HttpError } from '@influxdata/influxdb-client';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../model/errors.ts';
import { classify, messageOf } from './failures.ts';
import { withRetry } from './retry.ts';

const TIMES = { requestMs: 1000, tryMs: 200, firstMs: 5, mostMs: 20 };

const ADDRESS = 'check the address, the bucket and the token';
const BEFORE = 'check what stands before the server';
const LIMITS = 'the bucket needs infinite retention and no limit of series';

function http(status: number, body = '', headers: Record<string, string> = {}): HttpError {
  return new HttpError(status, 'status', body, headers['retry-after'], 'application/json', undefined, headers);
}

describe('what a failure means', () => {
  it.each([
    [http(500), { kind: 'again', afterMs: 0 }],
    [http(503, '', { 'retry-after': '3' }), { kind: 'again', afterMs: 3000 }],
    [http(429, '', { 'retry-after': '86400' }), { kind: 'again', afterMs: 30_000 }],
    [http(429, '', { 'retry-after': 'nonsense' }), { kind: 'again', afterMs: 0 }],
    [http(408), { kind: 'again', afterMs: 0 }],
    [new Error('socket hang up'), { kind: 'again', afterMs: 0 }],
    [http(401, '{"error":"unauthorized"}'), { kind: 'setup', reason: '401 unauthorized', mend: ADDRESS }],
    [http(404, '{"error":"database not found"}'), { kind: 'setup', reason: '404 database not found', mend: ADDRESS }],
    [
      http(400, '{"error":"partial write: field type conflict dropped=3"}'),
      { kind: 'refused', reason: 'partial write: field type conflict dropped=3', dropped: 3 },
    ],
    [
      http(422, '{"code":"unprocessable entity","message":"failure writing points: out of range"}'),
      { kind: 'refused', reason: 'failure writing points: out of range', dropped: undefined },
    ],
    [
      http(400, '{"code":"invalid","message":"unable to parse \'x\': bad\\ntimestamp"}'),
      { kind: 'refused', reason: "unable to parse 'x': bad timestamp", dropped: undefined },
    ],
  ])('%s', (error, expected) => {
    expect(classify(error)).toEqual(expected);
  });

  it.each([
    [400, '<html>\n<title>400 Bad Request</title>\n</html>', BEFORE],
    [400, 'partial write: says a page', BEFORE],
    [400, '{"error":"bad"}', BEFORE],
    [400, '', BEFORE],
    [413, '<html>Request Entity Too Large</html>', BEFORE],
    [413, '{"code":"request too large","message":"unable to parse it, dropped=9"}', BEFORE],
    [422, '{"error":"out of range"}', BEFORE],
    [400, '{"error":"partial write: points beyond retention policy dropped=3"}', LIMITS],
    [400, '{"error":"partial write: max-series-per-database limit exceeded: (1000) dropped=5"}', LIMITS],
    [400, '{"error":"partial write: max-values-per-tag limit exceeded (9/9): measurement=\\"a\\" dropped=1"}', LIMITS],
    [422, '{"code":"unprocessable entity","message":"points beyond retention policy dropped=1"}', LIMITS],
  ])('%d %s is an operator to mend: nothing is lost', (status, body, mend) => {
    expect(classify(http(status, body))).toMatchObject({ kind: 'setup', mend });
  });

  it('is said in one line, and once', () => {
    expect(messageOf(http(400, '<html>\n  <b>no</b>\n'))).toBe('400 <html> <b>no</b>');
    expect(messageOf(http(502))).toBe('502 status');
    expect(messageOf(new Error('a\n\n  b'))).toBe('a b');
  });

  it('a date is waited for too', () => {
    const failure = classify(http(503, '', { 'retry-after': new Date(Date.now() + 10_000).toUTCString() }));
    expect(failure).toMatchObject({ kind: 'again' });
    expect(failure.kind === 'again' && failure.afterMs).toBeGreaterThan(5000);
  });
});

describe('trying again', () => {
  const options = (signal = new AbortController().signal) => ({
    what: 'series: unable to write',
    times: TIMES,
    signal,
  });

  it('goes on until it succeeds', async () => {
    let tries = 0;
    const result = await withRetry(async () => {
      if (++tries < 4) throw http(500);
      return 'done';
    }, options());
    expect([result, tries]).toEqual(['done', 4]);
  });

  it('tells the caller to come again when the time is up', async () => {
    const attempt = withRetry(() => Promise.reject(http(500, '{"error":"timeout"}')), options());
    await expect(attempt).rejects.toThrow(new Unavailable('series: unable to write: 500 timeout'));
  });

  it('does not wait for what would come after its time', async () => {
    let tries = 0;
    const attempt = withRetry(() => {
      tries++;
      return Promise.reject(http(503, '', { 'retry-after': '20' }));
    }, options());
    await expect(attempt).rejects.toThrow(Unavailable);
    expect(tries).toBe(1);
  });

  it('asks once where an operator has to act, and never where the points are at fault', async () => {
    let tries = 0;
    const failing = (error: Error) => () => {
      tries++;
      return Promise.reject(error);
    };
    await expect(withRetry(failing(http(401)), options())).rejects.toThrow(
      /check the address, the bucket and the token/,
    );
    const refused = http(400, '{"error":"unable to parse it"}');
    await expect(withRetry(failing(refused), options())).rejects.toBe(refused);
    expect(tries).toBe(2);
  });

  it('ends a request that hangs, and everything when the engine closes', async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const times = { ...TIMES, requestMs: 20 };
    const told: number[] = [];
    const onRetry = (_: unknown, forMs: number): void => void told.push(forMs);
    const hung = withRetry(hang, { ...options(), times, onRetry });
    await expect(hung).rejects.toThrow(new Unavailable('series: unable to write: no answer within 20 ms'));
    // From when it was asked, not from when the first wait was over.
    expect(told[0]).toBeGreaterThanOrEqual(19);
    const closing = new AbortController();
    const attempt = withRetry(hang, options(closing.signal));
    closing.abort();
    await expect(attempt).rejects.toThrow('closing');
  });
});
