/** What is committed in generated/ is what the declarations say. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from './files.ts';

const folder = join(import.meta.dirname, 'generated');

test('generated/ holds exactly what generate.ts makes (run: npm run build:grafana)', () => {
  const committed = new Map(
    globSync('**/*.{json,yaml}', { cwd: folder }).map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
  const made = generatedFiles();
  expect([...committed.keys()].sort()).toEqual([...made.keys()].sort());
  expect([...made].filter(([path, text]) => committed.get(path) !== text).map(([path]) => path)).toEqual([]);
});
