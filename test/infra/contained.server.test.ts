/** What the image holds, run as the image and as the systemd unit say: it serves, keeps, stops in time, and can write nowhere else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canContain, runContained, startContained } from './contained.ts';
import { asImage, asUnit, callApi } from './installations.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sansevaerk-contained-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!canContain())('contained (needs Linux and root)', () => {
  test.each([
    { name: 'the image', make: asImage },
    { name: 'the systemd unit', make: asUnit },
  ])(
    'as $name: ready, healthy, keeps what it took over a restart, stops in time',
    async ({ make }) => {
      const { options, command, graceMs } = make(folder);
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
      expect((await callApi(first.http, 'PUT', '/organisations/testby', organisation)).status).toBe(201);
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
        const found = await callApi(second.http, 'GET', '/organisations/testby');
        expect(await found.json()).toMatchObject(organisation);
      } finally {
        expect((await second.stop()).code).toBe(0);
      }
    },
    120_000,
  );

  test('nothing but its volumes and /tmp can be written, and it has no rights', async () => {
    const { options } = asImage(folder);
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
  }, 120_000);
});
