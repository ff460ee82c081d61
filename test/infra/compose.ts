/** The compose files as Compose itself reads them: Debian's docker-compose checks them against its schema and fills them in. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findOnPath } from '../lib/servers/server-process.ts';
import { ROOT } from './dockerfile.ts';

export const INFRA = join(ROOT, 'infra');

export interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  extends?: { file?: string; service: string };
  user?: string;
  environment?: Record<string, string | null>;
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  tmpfs?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  restart?: string;
  stop_grace_period?: string;
  command?: string[];
  entrypoint?: string[];
  healthcheck?: { test: string[] };
}

export interface ComposeFile {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
  networks?: Record<string, { internal?: boolean } | null>;
  secrets?: Record<string, { file: string }>;
}

export function readCompose(file: string): ComposeFile {
  return parse(readFileSync(join(INFRA, file), 'utf8')) as ComposeFile; // the schema's check is `composed`
}

/** A service with what it extends put under it, as Compose merges: maps by key, lists one after the other. */
export function wholeServices(file: string): Record<string, Service> {
  const whole = ({ extends: base, ...own }: Service): Service => {
    if (!base) return own;
    const from = readCompose(base.file ?? file).services[base.service];
    if (!from) throw new Error(`${file} extends ${base.service}, which is not there`);
    const under = whole(from);
    const merged: Record<string, unknown> = { ...under };
    for (const [key, value] of Object.entries(own)) {
      const there = merged[key];
      merged[key] =
        Array.isArray(there) && Array.isArray(value)
          ? [...there, ...value]
          : isMap(there) && isMap(value)
            ? { ...there, ...value }
            : value;
    }
    return merged as Service; // both halves are services
  };
  return Object.fromEntries(
    Object.entries(readCompose(file).services).map(([name, service]) => [name, whole(service)]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const COMPOSE = findOnPath('docker-compose');

export function hasCompose(): boolean {
  return COMPOSE !== undefined;
}

/**
 * What Compose makes of these files together, and of the text of one `more`.
 * @throws Error with Compose's own words when it does not take them
 */
export function composed(files: readonly string[], env: Record<string, string> = {}, more?: string): ComposeFile {
  const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-compose-'));
  try {
    // Debian 12 has Compose 1.29, whose schema is older than `name` at the top; all else in the files it knows.
    for (const file of globSync('compose*.yaml', { cwd: INFRA }))
      writeFileSync(join(folder, file), readFileSync(join(INFRA, file), 'utf8').replace(/^name: .*\n/m, ''));
    if (more !== undefined) writeFileSync(join(folder, 'more.yaml'), more);
    const all = [...files, ...(more === undefined ? [] : ['more.yaml'])];
    const { status, stdout, stderr } = spawnSync(
      COMPOSE ?? 'docker-compose',
      [...all.flatMap((file) => ['-f', join(folder, file)]), 'config'],
      { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
    );
    if (status !== 0) throw new Error(`docker-compose config: ${stderr}`);
    return parse(stdout) as ComposeFile; // it has the same shape
  } finally {
    rmSync(folder, { recursive: true });
  }
}
