/**
 * Writes generated/ anew: `node dashboards/grafana/generate.ts`; with `--check` it only says what would change.
 * `--web https://sansevaerk.example.dk --out FOLDER`: a set whose links lead to that address.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedFiles } from './files.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, web: { type: 'string' }, out: { type: 'string' } },
});
if (values.web !== undefined && (values.out === undefined || !/^https?:\/\/[^\s"]+[^\s"/]$/.test(values.web)))
  throw new Error(
    '--web is an http address without a slash at its end, and needs --out: what is committed has the default',
  );
const folder = values.out ?? join(import.meta.dirname, 'generated');
const files = generatedFiles(values.web);

const stale = [...files].filter(([path, text]) => {
  const full = join(folder, path);
  return !existsSync(full) || readFileSync(full, 'utf8') !== text;
});
const left = globSync('{influxdb,victoriametrics}/{da,en}/*.json', { cwd: folder }).filter((path) => !files.has(path));

if (values.check) {
  for (const [path] of stale) console.log(`differs: generated/${path}`);
  for (const path of left) console.log(`nobody makes it: generated/${path}`);
  if (stale.length + left.length > 0) console.log('run: node dashboards/grafana/generate.ts');
  process.exitCode = stale.length + left.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of left) rmSync(join(folder, path));
  console.log(`${files.size} files, ${stale.length} written, ${left.length} removed`);
}
