/** What the image holds, run as the image and as the systemd unit say: it serves, keeps, stops in time, and can write nowhere else. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ContainedOptions, canContain, runContained, startContained } from './contained.ts';
import { copiesOf, environmentOf, filesSent, only, ROOT, readDockerfile } from './dockerfile.ts';
import { readUnit, unitEnvironment } from './unit.ts';

const TOKEN = 'test-administrator-token';
const SETTINGS = { SANSEVAERK_HTTP_PORT: '0', SANSEVAERK_MQTT_PORT: '0', SANSEVAERK_ADMIN_TOKEN: TOKEN };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sansevaerk-contained-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** /app of the image: what its last stage copies from the tree; the packages are those of this checkout. */
function asImage(): { options: ContainedOptions; command: string[]; graceMs: number } {
  const final = readDockerfile().at(-1);
  if (!final) throw new Error('no stages');
  const app = join(folder, 'app');
  for (const { from, sources } of copiesOf(final)) {
    for (const file of from ? [] : sources.flatMap(filesSent)) {
      mkdirSync(dirname(join(app, file)), { recursive: true });
      cpSync(join(ROOT, file), join(app, file));
    }
  }
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  return {
    options: {
      readable: {
        '/app': app,
        '/app/node_modules': join(ROOT, 'node_modules'),
        '/node': join(ROOT, 'node_modules/node/bin'),
      },
      writable: JSON.parse(only(final, 'VOLUME')) as string[],
      keep: join(folder, 'volumes'),
      cwd: only(final, 'WORKDIR'),
      env: { PATH: '/node:/usr/bin:/bin', ...environmentOf(final), ...SETTINGS },
    },
    command: JSON.parse(only(final, 'ENTRYPOINT')) as string[],
    graceMs: 60_000, // stop_grace_period; compose.test.ts compares
  };
}

/** /opt/sansevaerk of the unit: the whole checkout. */
function asUnit(): { options: ContainedOptions; command: string[]; graceMs: number } {
  const unit = readUnit();
  const state = (unit.get('StateDirectory')?.[0] ?? '').split(' ').map((name) => `/var/lib/${name}`);
  const cache = (unit.get('CacheDirectory') ?? []).map((name) => `/var/cache/${name}`);
  return {
    options: {
      readable: { '/opt/sansevaerk': ROOT },
      writable: [...state, ...cache],
      keep: join(folder, 'state'),
      cwd: unit.get('WorkingDirectory')?.[0] ?? '',
      env: { PATH: '/usr/bin:/bin', ...unitEnvironment(unit), ...SETTINGS },
    },
    command: (unit.get('ExecStart')?.[0] ?? '').split(' '),
    graceMs: Number(unit.get('TimeoutStopSec')?.[0]) * 1000,
  };
}

describe.skipIf(!canContain())('contained (needs Linux and root)', () => {
  test.each([
    { name: 'the image', make: asImage },
    { name: 'the systemd unit', make: asUnit },
  ])(
    'as $name: ready, healthy, keeps what it took over a restart, stops in time',
    async ({ make }) => {
      const { options, command, graceMs } = make();
      const first = await startContained(command, options);
      const port = new URL(first.http).port;
      const health = ['node', 'infra/health-check.ts', '--ready', '--wait=20'].map((word) =>
        word === 'node' ? (command[0] ?? '') : word,
      );
      const checked = await runContained(health, {
        ...options,
        env: { ...options.env, SANSEVAERK_HTTP_PORT: port },
      });
      expect(checked).toEqual({ code: 0, output: '' });

      const organisation = { name: 'Testby', kind: 'municipality' };
      expect((await call(first.http, 'PUT', '/organisations/testby', organisation)).status).toBe(201);
      const stopped = await first.stop();
      expect(stopped.code).toBe(0);
      expect(stopped.ms).toBeLessThan(graceMs / 2);
      const late = await runContained(health.slice(0, 2), {
        ...options,
        env: { ...options.env, SANSEVAERK_HTTP_PORT: port },
      });
      expect(late.code).toBe(1);
      expect(late.output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/healthz does not answer: .*\n$/);

      const second = await startContained(command, options);
      try {
        const found = await call(second.http, 'GET', '/organisations/testby');
        expect(await found.json()).toMatchObject(organisation);
      } finally {
        expect((await second.stop()).code).toBe(0);
      }
    },
    120_000,
  );

  test('nothing but its volumes and /tmp can be written, and it has no rights', async () => {
    const { options } = asImage();
    for (const path of ['/', '/app', '/app/services', '/etc', '/usr']) {
      const { code, output } = await runContained(['touch', join(path, 'x')], options);
      expect(code, path).not.toBe(0);
      expect(output).toMatch(/Read-only file system|Permission denied/);
    }
    for (const path of [...options.writable, '/tmp'])
      expect(await runContained(['touch', join(path, 'x')], options), path).toEqual({ code: 0, output: '' });
    const { output } = await runContained(
      ['grep', '-E', '^(Uid|CapEff|CapBnd|NoNewPrivs)', '/proc/self/status'],
      options,
    );
    expect(output.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
      'Uid: 10001',
      'CapEff: 0000000000000000',
      'CapBnd: 0000000000000000',
      'NoNewPrivs: 1',
      '',
    ]);
  }, 60_000);
});

function call(http: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${http}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}
