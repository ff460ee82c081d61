/** `npm run test:engines`: the contract suite of each port on every engine there is; says which ran and which did not. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** One row an engine. An engine of a later version is named here with the file that will run it. */
const ENGINES = [
  { port: 'log', engine: 'LMDB', file: 'test/contract/log.test.ts' },
  { port: 'registry', engine: 'SQLite', file: 'test/contract/registry.test.ts' },
  { port: 'registry', engine: 'SQLite in another thread', file: 'test/contract/registry-remote.test.ts' },
  { port: 'series', engine: 'DuckDB + Parquet', file: 'test/contract/series.test.ts' },
];

const present = ENGINES.filter(({ file }) => existsSync(resolve(root, file)));
const { status } = spawnSync('vitest', ['run', ...present.map(({ file }) => file)], { cwd: root, stdio: 'inherit' });
for (const { port, engine, file } of ENGINES) {
  console.log(`${present.some((p) => p.file === file) ? 'ran    ' : 'MISSING'} ${port} on ${engine}`);
}
console.log('skipped the cluster set (JetStream, PostgreSQL) and other series engines: not part of this version');
process.exitCode = status === 0 && present.length === ENGINES.length ? 0 : 1;
