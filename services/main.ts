/** The process: arguments, signals, exit code. Everything else is in app.ts. */

import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';

const USAGE = `npm start -- [--print-config] [--roles=all]

  --print-config  show the configuration, secrets masked, and end
  --roles=LIST    which stages this process runs; the embedded engines need all

Configuration is by environment variables; --print-config lists them.`;

// Each running query of DuckDB and each commit of LMDB holds a thread of libuv's pool; with the four there are by default
// an acknowledgement would wait behind a merge. Read when the pool is first used, so it comes before everything.
process.env.UV_THREADPOOL_SIZE ??= '16';
// Before anything else is imported: a start after the first needs a third of the time.
enableCompileCache();
const { createApp } = await import('./app.ts');
const { printConfig, readConfig } = await import('./config.ts');
const { failureText } = await import('./failure-text.ts');
const { readRoles } = await import('./roles.ts');

let said = false;
/** Says why the process ends, once: what breaks a thread also breaks the calls that wait for it. */
function sayWhy(error: unknown): void {
  if (!said) console.error(`sansevaerk: ${failureText(error)}`);
  said = true;
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'print-config': { type: 'boolean' },
      roles: { type: 'string', default: 'all' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values['print-config']) return console.log(printConfig(process.env));
  const app = createApp(readConfig(process.env), readRoles(values.roles));
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1); // the second signal ends at once
    stopping = true;
    app.stop().then(
      () => process.exit(),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Something the app cannot go on without has ended: stop what still runs, and say so by the exit code.
  app.failed.catch((error: unknown) => {
    sayWhy(error);
    stop();
  });
  const { http, mqtt, live, login } = await app.start();
  if (login) console.log(`sign in once with ${login}`);
  console.log(
    ['ready', `http=${http}`, ...(mqtt ? [`mqtt=${mqtt}`] : []), ...(live ? [`live=${live}`] : [])].join(' '),
  );
}

main().catch((error: unknown) => {
  sayWhy(error);
  process.exit();
});
