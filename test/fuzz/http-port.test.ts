/**
 * No input to the HTTP port crashes the process or makes it say "internal error": every route with anything in its path,
 * query, headers and body; JSON bombs; bytes that are no HTTP. Meanwhile the port answers others.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rejected } from '../../services/model/errors.ts';
import { ROUTES } from '../../services/stages/api/routes.ts';
import { ADMIN, openWorld, type World } from '../../services/stages/api/testing/api-world.ts';

const RUNS = 40;
/** Requests of one run, at once. */
const AT_ONCE = 8;

let w: World;
const crashes: unknown[] = [];
const crashed = (error: unknown): void => {
  crashes.push(error);
};

beforeAll(async () => {
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  // What runs sources has tests of its own; here its token is never right.
  const push = () => Promise.reject(new Rejected('unauthenticated', 'the token is not right'));
  w = await openWorld({
    sources: { state: () => undefined, changed: async () => {}, run: () => false, test: push, push },
  });
});

afterAll(async () => {
  await w.close();
  process.off('uncaughtException', crashed);
  process.off('unhandledRejection', crashed);
});

// Server-sent events do not end by themselves; their own tests cover them.
const routes = ROUTES.filter(([, path]) => !path.endsWith('/stream'));

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    'egeby',
    'a',
    '__proto__',
    'constructor',
    '..',
    '',
    '%00',
    '%',
    '\u0000',
    '1e999',
    '-1',
    'null',
    "';--",
  ),
);
const query = fc.dictionary(
  fc.oneof(
    text,
    fc.constantFrom(
      'owner',
      'type',
      'from',
      'to',
      'limit',
      'cursor',
      'bbox',
      'q',
      'quantity',
      'window',
      'aggregate',
      'by',
    ),
  ),
  text,
  { maxKeys: 4 },
);
const key = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'owner', 'name', 'kind', 'type', 'attributes', 'condition'),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, '', 'egeby', 'municipality'),
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    // An array of pairs written by hand, so that `__proto__` arrives as a key of the text.
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((pairs) => ({ pairs })),
  ),
}));

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null && 'pairs' in value) {
    const pairs = value.pairs as [string, unknown][]; // made above
    return `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${write(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const bomb = fc.constantFrom(
  '['.repeat(50_000),
  '{"a":'.repeat(50_000),
  `${'['.repeat(40)}${']'.repeat(40)}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2}',
  '\ufeff{}',
  '{"a":1e999}',
  '"\\ud800"',
  '',
  'null',
);
const body = fc.oneof(json.map(write), bomb, fc.string({ unit: 'binary', maxLength: 60 }));
const request = fc.record({
  route: fc.constantFrom(...routes),
  parts: fc.array(text, { minLength: 3, maxLength: 3 }),
  query,
  body,
  contentType: fc.constantFrom('application/json', 'application/x-ndjson', 'text/plain', 'application/xml', 'x'),
  as: fc.constantFrom(ADMIN, 'token-egeby-reader', 'token-egeby-administrator', 'wrong', undefined),
});

type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

async function send({ route: [method, path], parts, query, body, contentType, as }: Request): Promise<void> {
  let n = 0;
  const filled = path.replaceAll(/:\w+/g, () => encodeURIComponent((parts[n++] ?? 'x').toWellFormed()));
  const search = new URLSearchParams(query).toString();
  const answer = await fetch(`${w.url}${filled}${search && `?${search}`}`, {
    method,
    redirect: 'manual',
    // One connection each: what one request leaves behind is not to be blamed on the next.
    headers: { 'content-type': contentType, connection: 'close', ...(as && { authorization: `Bearer ${as}` }) },
    ...(method === 'GET' ? {} : { body }),
    signal: AbortSignal.timeout(5_000),
  }).catch((cause: Error) => {
    throw new Error(`${method} ${filled}?${search} ${contentType} ${body.slice(0, 200)}`, { cause });
  });
  const said = await answer.text();
  expect(answer.status, `${method} ${filled}?${search} ${body.slice(0, 200)}: ${said}`).toBeLessThan(500);
}

async function alive(): Promise<void> {
  expect(crashes).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect((await fetch(`${w.url}/healthz`)).status).toBe(200);
}

describe('the port survives', () => {
  test('every route with anything in it', async () => {
    const several = fc.array(request, { minLength: 1, maxLength: AT_ONCE });
    await fc.assert(
      fc.asyncProperty(several, async (requests) => {
        await Promise.all(requests.map(send));
        await alive();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  test.each(routes.filter(([method]) => method !== 'GET').map((route) => [`${route[0]} ${route[1]}`, route] as const))(
    'JSON bombs at %s',
    async (_, route) => {
      const bombs = fc.sample(bomb, 12);
      const parts = ['egeby', 'a', 'a'];
      const fixed = { route, parts, query: {}, contentType: 'application/json', as: ADMIN } as const;
      for (const body of bombs) await send({ ...fixed, body });
      await alive();
    },
  );

  test('bytes that are no HTTP', async () => {
    const head = fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      'POST /api/v1/devices/a/readings HTTP/1.1\r\nContent-Length: 9\r\n\r\n',
      '',
    );
    const bytes = fc.tuple(head, fc.uint8Array({ maxLength: 200 })).map(([h, b]) => Buffer.concat([Buffer.from(h), b]));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: AT_ONCE }), async (several) => {
        await Promise.all(several.map(raw));
        await alive();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});

/** Resolves when the server has closed, which it must once we have nothing more to say. */
function raw(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(w.url).port) });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('data', () => {});
    socket.end(bytes);
  });
}
