/** The two ways to install the platform, as contained.ts can run them: what lies where, which settings, which command. */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContainedOptions } from './contained.ts';
import { copiesOf, environmentOf, filesSent, only, ROOT, readDockerfile } from './dockerfile.ts';
import { readUnit, unitEnvironment } from './unit.ts';

const TOKEN = 'test-administrator-token';
const SETTINGS = { SANSEVAERK_HTTP_PORT: '0', SANSEVAERK_MQTT_PORT: '0', SANSEVAERK_ADMIN_TOKEN: TOKEN };

export interface Installation {
  options: ContainedOptions;
  command: string[];
  /** From SIGTERM to SIGKILL, ms. */
  graceMs: number;
}

/** /app of the image: what its last stage copies from the tree; the packages are those of this checkout. */
export function asImage(folder: string): Installation {
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
export function asUnit(folder: string): Installation {
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

/** The API as administrator, or with another token. */
export function callApi(http: string, method: string, path: string, body?: unknown, token = TOKEN): Promise<Response> {
  return fetch(`${http}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}
