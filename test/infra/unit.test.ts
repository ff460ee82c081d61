/** The systemd unit: as systemd reads it, how exposed it leaves us, and against the tree. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { printConfig } from '../../services/config.ts';
import { findOnPath } from '../lib/servers/server-process.ts';
import { ROOT } from './dockerfile.ts';
import { readUnit, unitEnvironment } from './unit.ts';

const UNIT = readFileSync(join(ROOT, 'infra/sansevaerk.service'), 'utf8');
const TLS = readFileSync(join(ROOT, 'infra/sansevaerk-tls.conf'), 'utf8');
const INSTALLED = '/opt/sansevaerk';
const SYSTEMD_ANALYZE = findOnPath('systemd-analyze');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sansevaerk-unit-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the unit as if the checkout were where it is to be installed; gives the file. */
function placed(unit: string, dropIn?: string): string {
  const file = join(folder, 'sansevaerk.service');
  writeFileSync(file, unit.replaceAll(INSTALLED, ROOT));
  if (dropIn !== undefined) {
    mkdirSync(`${file}.d`);
    writeFileSync(join(`${file}.d`, 'tls.conf'), dropIn);
  }
  return file;
}

function analyze(args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(SYSTEMD_ANALYZE ?? '', args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe.skipIf(SYSTEMD_ANALYZE === undefined)('systemd itself (needs systemd-analyze)', () => {
  test.each([
    { what: 'the unit', dropIn: undefined },
    { what: 'the unit with TLS', dropIn: TLS },
  ])('takes $what without a word', ({ dropIn }) => {
    expect(analyze(['verify', placed(UNIT, dropIn)])).toEqual({ status: 0, output: '' });
  });

  test.each([
    {
      wrong: 'a key there is none of',
      unit: UNIT.replace('NoNewPrivileges=', 'NoNewPrivilege='),
      says: /NoNewPrivilege/,
    },
    { wrong: 'a command there is none of', unit: UNIT.replaceAll('/node/bin/node', '/node/bin/none'), says: /none/ },
  ])('would say so of $wrong', ({ unit, says }) => {
    expect(analyze(['verify', placed(unit)]).output).toMatch(says);
  });

  test('leaves an exposure of at most 1.5 of 10', () => {
    // Tenths of what `systemd-analyze security` calls exposure; a unit without hardening has 96.
    expect(analyze(['security', '--offline=true', '--threshold=15', placed(UNIT)]).status).toBe(0);
    expect(
      analyze(['security', '--offline=true', '--threshold=15', placed(UNIT.replace('PrivateUsers=yes\n', ''))]).status,
    ).toBe(1);
  });
});

describe('against the tree', () => {
  const unit = readUnit();

  test('every file it starts is there', () => {
    const commands = [...(unit.get('ExecStart') ?? []), ...(unit.get('ExecStartPost') ?? [])];
    expect(commands.length).toBe(2);
    for (const command of commands) {
      const [program = '', script = ''] = command.replace(/^-/, '').split(' ');
      expect(existsSync(program.replace(INSTALLED, ROOT)), program).toBe(true);
      expect(existsSync(join(ROOT, script)), script).toBe(true);
    }
  });

  test('every setting is one the platform knows, and what it writes lies in folders systemd makes for it', () => {
    const environment = unitEnvironment(unit);
    const settings = Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('SANSEVAERK_')));
    expect(() => printConfig(settings)).not.toThrow();
    const made = (unit.get('StateDirectory')?.[0] ?? '').split(' ').map((name) => `/var/lib/${name}`);
    expect(made).toContain(settings.SANSEVAERK_DATA_DIR);
    expect(made).toContain(dirname(settings.SANSEVAERK_KEY_FILE ?? ''));
  });

  test('TLS hands over the certificate and the key under the names the settings point at', () => {
    const names = [...TLS.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
    const pointed = [...TLS.matchAll(/^Environment=SANSEVAERK_TLS_(?:CERT|KEY)=%d\/([\w-]+)$/gm)].map(
      ([, name]) => name,
    );
    expect(pointed).toEqual(names);
    expect(names.length).toBe(2);
  });

  test('the user it runs as is the one sysusers makes', () => {
    const made = /^u (\S+) /m.exec(readFileSync(join(ROOT, 'infra/sansevaerk.sysusers'), 'utf8'))?.[1];
    expect(unit.get('User')).toEqual([made]);
    expect(unit.get('Group')).toEqual([made]);
  });
});
