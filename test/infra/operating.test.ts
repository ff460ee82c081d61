/** docs/operating.md against the tree: every setting stands in it, and every file and heading it points at is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { printConfig } from '../../services/config.ts';
import { ROOT } from './dockerfile.ts';

const text = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
const settings = printConfig({})
  .split('\n')
  .map((line) => line.split('=', 2) as [string, string]); // NAME=value

test('every setting of the platform has its row, with its default', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `SANSEVAERK_'));
  const missing = settings.filter(([name, fallback]) => {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    return row === undefined || (fallback !== '' && !row.includes(`\`${fallback}\``));
  });
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('no setting in it is one there is none of', () => {
  const named = [...text.matchAll(/\bSANSEVAERK_[A-Z_]+/g)].map(([name]) => name.replace(/_FILE$/, ''));
  const known = new Set(['SANSEVAERK_KEY', ...settings.map(([name]) => name)]);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('every file of infra/ and every page it names is there, and every heading it points at', () => {
  const files = [...text.matchAll(/(?<!test\/)\binfra\/[\w./-]*\w/g)]
    .map(([path]) => path)
    .filter((path) => !path.includes('secrets/'));
  expect(files.filter((path) => path !== 'infra/secrets' && !existsSync(join(ROOT, path)))).toEqual([]);
  const links = [...text.matchAll(/\]\(([^)#]*)(#[^)]*)?\)/g)];
  expect(links.length).toBeGreaterThan(5);
  for (const [, path = '', heading] of links) {
    if (path !== '') expect(existsSync(resolve(ROOT, 'docs', path)), path).toBe(true);
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, h = '']) => `#${h.toLowerCase().replaceAll(' ', '-')}`);
    if (heading !== undefined) expect(headings).toContain(heading);
  }
});
