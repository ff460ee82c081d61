/** Writes generated/ anew: `node dashboards/grafana/generate.ts`; with `--check` it only says what would change. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './files.ts';

const folder = join(import.meta.dirname, 'generated');
const check = process.argv.includes('--check');
const files = generatedFiles();

const stale = [...files].filter(([path, text]) => {
  const full = join(folder, path);
  return !existsSync(full) || readFileSync(full, 'utf8') !== text;
});
const left = globSync('**/*.{json,yaml}', { cwd: folder }).filter((path) => !files.has(path));

if (check) {
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
