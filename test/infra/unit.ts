/** infra/sansevaerk.service read as data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './dockerfile.ts';

/** What systemd puts for a specifier in a system unit: systemd.unit(5), table of specifiers. */
const SPECIFIERS = { '%S': '/var/lib', '%C': '/var/cache' };

/** Values of each key, specifiers put in, in the order they stand. */
export function readUnit(): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const line of readFileSync(join(ROOT, 'infra/sansevaerk.service'), 'utf8').split('\n')) {
    const [, key, text] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || text === undefined) continue;
    const value = Object.entries(SPECIFIERS).reduce((t, [from, to]) => t.replaceAll(from, to), text);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}

export function unitEnvironment(unit: Map<string, string[]>): Record<string, string> {
  return Object.fromEntries((unit.get('Environment') ?? []).map((pair) => pair.split('=', 2)));
}
