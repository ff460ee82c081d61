/** The two ways to install the platform, as contained.ts can run them: what lies where, which settings, which command. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
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

/** As `install` does: everybody may read what is no secret, whatever the umask of whoever made it. */
export function letAllRead(folder: string): void {
  const { status, stderr } = spawnSync('chmod', ['-R', 'a+rX', folder]);
  if (status !== 0) throw new Error(`chmod ${folder}: ${stderr}`);
}

/** This checkout; where only its owner may read it (umask 077), a copy in `folder` that everybody may. */
function readableRoot(folder: string): string {
  const others = (path: string) => statSync(join(ROOT, path)).mode & 0o4;
  if (others('services') && others('node_modules') && others('services/main.ts')) return ROOT;
  const copy = join(folder, 'tree');
  if (existsSync(copy)) return copy;
  const { status, stderr } = spawnSync('cp', ['-R', ROOT, copy]);
  if (status !== 0) throw new Error(`cp: ${stderr}`);
  letAllRead(copy);
  return copy;
}

/** /app of the image: what its last stage copies from the tree; the packages are those of this checkout. */
export function asImage(folder: string): Installation {
  const final = readDockerfile().at(-1);
  if (!final) throw new Error('no stages');
  const app = join(folder, 'app');
  const root = readableRoot(folder);
  for (const { from, sources } of copiesOf(final)) {
    for (const file of from ? [] : sources.flatMap(filesSent)) {
      mkdirSync(dirname(join(app, file)), { recursive: true });
      cpSync(join(root, file), join(app, file));
    }
  }
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  letAllRead(app);
  return {
    options: {
      readable: {
        '/app': app,
        '/app/node_modules': join(root, 'node_modules'),
        '/node': join(root, 'node_modules/node/bin'),
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
      readable: { '/opt/sansevaerk': readableRoot(folder) },
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
