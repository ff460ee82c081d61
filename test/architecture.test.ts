/** Who may import whom: the table of ARCHITECTURE.md as data, and a few habits of the house that a machine can check. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** First fitting row counts. `may` are prefixes of paths below the root. */
const TABLE = [
  { folder: 'services/model/', may: ['services/model/'], rule: 'model imports nothing of ours' },
  { folder: 'services/knowledge/', may: ['services/model/', 'services/knowledge/'], rule: 'knowledge imports model' },
  { folder: 'services/ops/', may: ['services/model/', 'services/ops/'], rule: 'ops imports model' },
  {
    folder: 'services/engines/log/',
    may: ['services/model/', 'services/engines/log/'],
    rule: 'an engine imports model, never another engine',
  },
  {
    folder: 'services/engines/registry/',
    may: ['services/model/', 'services/engines/registry/'],
    rule: 'an engine imports model, never another engine',
  },
  {
    folder: 'services/engines/series/',
    may: ['services/model/', 'services/engines/series/'],
    rule: 'an engine imports model, never another engine',
  },
  { folder: 'services/engines/', may: ['services/model/', 'services/engines/'], rule: 'engines import model' },
  {
    folder: 'services/pipeline/',
    may: ['services/model/', 'services/ops/', 'services/pipeline/'],
    rule: 'pipeline imports model and ops',
  },
  {
    folder: 'services/stages/',
    may: ['services/model/', 'services/knowledge/', 'services/pipeline/', 'services/ops/', 'OWN STAGE'],
    rule: 'a stage imports model, knowledge, pipeline and ops; never another stage, never an engine',
  },
  { folder: 'services/main.ts', may: ['services/'], rule: 'main may import everything' },
  { folder: 'services/', may: ['services/', '!services/main.ts'], rule: 'only the process imports main' },
  {
    folder: 'firmware-sim/',
    may: ['firmware-sim/'],
    rule: 'firmware-sim imports nothing of services: it reads the contract for itself',
  },
  { folder: 'dashboards/web/', may: ['dashboards/web/'], rule: 'the web is a client of the API' },
  {
    folder: 'dashboards/grafana/gateway/',
    may: ['dashboards/grafana/gateway/'],
    rule: 'the gateway stands alone: the image holds nothing else of Grafana',
  },
  {
    folder: 'dashboards/grafana/',
    may: ['dashboards/grafana/', 'services/knowledge/', 'services/model/'],
    rule: 'dashboards are declared from the catalogue',
  },
];

const files = globSync(['services/**/*.ts', 'firmware-sim/**/*.ts', 'dashboards/{web,grafana}/**/*.{ts,svelte}'], {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules') || name.endsWith('/dist'),
}).filter((f) => !f.endsWith('.test.ts') && !f.includes('/testing/'));

const source = new Map(files.map((f) => [f, readFileSync(join(ROOT, f), 'utf8')]));

function importsOf(file: string): string[] {
  const text = source.get(file) ?? '';
  const found = [...text.matchAll(/(?:\bfrom|\bimport|new URL\()\s*\(?['"](\.{1,2}\/[^'"]+)['"]/g)];
  return found.map((m) => relative(ROOT, resolve(ROOT, dirname(file), m[1] ?? '')));
}

describe('who may import whom', () => {
  test.each(TABLE)('$rule ($folder)', ({ folder, may, rule }) => {
    const mine = files.filter((f) => TABLE.find((row) => f.startsWith(row.folder))?.folder === folder);
    const broken: string[] = [];
    for (const file of mine) {
      const own = file.split('/').slice(0, 3).join('/');
      for (const target of importsOf(file)) {
        const refused = may.some((m) => m.startsWith('!') && target.startsWith(m.slice(1)));
        const allowed = may.some((m) => (m === 'OWN STAGE' ? target.startsWith(`${own}/`) : target.startsWith(m)));
        if (refused || !allowed) broken.push(`${file} imports ${target}: ${rule}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('only app, roles and threads choose engines', () => {
    const choosers = files.filter(
      (f) =>
        !f.startsWith('services/engines/') &&
        importsOf(f).some((t) => /^services\/engines\/(log|registry|series)\//.test(t)),
    );
    expect(choosers).toEqual(['services/engines.ts']);
  });

  test('the environment and the exit code are main.ts alone', () => {
    const users = files.filter((f) => f.startsWith('services/') && /\bprocess\.(env|exit)\b/.test(source.get(f) ?? ''));
    expect(users).toEqual(['services/main.ts']);
  });
});

describe('habits of the house', () => {
  test('each file of services opens with a sentence that says what it is', () => {
    const silent = files.filter(
      (f) =>
        f.startsWith('services/') &&
        !/^(#!.*\n)?\/(\*\*|\/)/.test(source.get(f) ?? '') &&
        !/^import .*\n(import .*\n)*\n\/\*\*/.test(source.get(f) ?? ''),
    );
    expect(silent).toEqual([]);
  });

  test('no file has over 400 lines', () => {
    const long = files.filter((f) => (source.get(f) ?? '').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
