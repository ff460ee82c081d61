/** `npm run check`: types, lint and format, dead code, the web's types, import directions. Prints only what is wrong. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const CHECKS = [
  { name: 'types', command: 'tsc', args: [] },
  {
    name: 'lint and format',
    command: 'biome',
    args: ['ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=30', '.'],
  },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  {
    name: 'web types',
    command: 'svelte-check',
    args: ['--tsconfig', 'dashboards/web/tsconfig.json', '--threshold', 'warning', '--output', 'human'],
  },
  {
    name: 'grafana dashboards are what their declarations say',
    command: 'node',
    args: ['dashboards/grafana/generate.ts', '--check'],
  },
  { name: 'import directions', command: 'vitest', args: ['run', '--reporter=dot', 'test/architecture.test.ts'] },
];

const root = resolve(import.meta.dirname, '..');
// svelte-check is installed beside the TypeScript it needs, in the web's own folder.
const path = [`${root}/node_modules/.bin`, `${root}/dashboards/web/node_modules/.bin`, process.env.PATH].join(':');

function run({ name, command, args }: (typeof CHECKS)[number]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, PATH: path, FORCE_COLOR: '0' } });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => {
      output += error.message;
      done(false);
    });
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
      if (code !== 0) console.log(output);
      done(code === 0);
    });
  });
}

const results = await Promise.all(CHECKS.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
