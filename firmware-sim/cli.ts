/** The simulator's process: arguments, signals, exit code. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { lorawanCommand } from './src/cli/lorawan-command.ts';
import { replayCommand } from './src/cli/replay-command.ts';
import { runCommand } from './src/cli/run-command.ts';
import { USAGE } from './src/cli/usage.ts';
import { kinds } from './src/kinds/list.ts';
import { lorawanModels } from './src/lorawan/models.ts';
import { createRegion } from './src/region/create-region.ts';

const stop = new AbortController();
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (text: string): void => {
  process.stdout.write(text);
};
// `sim region | head` closes our output early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(130);
    say('stopping; once more to stop at once');
    stop.abort(new Error('stopped'));
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      mqtt: { type: 'string' },
      api: { type: 'string' },
      'token-file': { type: 'string' },
      devices: { type: 'string' },
      region: { type: 'boolean' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string' },
      start: { type: 'string' },
      count: { type: 'string' },
      qos: { type: 'string' },
      time: { type: 'boolean', default: true },
      persistent: { type: 'boolean' },
      status: { type: 'boolean', default: true },
      record: { type: 'string' },
      days: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      server: { type: 'string' },
      webhook: { type: 'string' },
      model: { type: 'string', multiple: true },
      'per-model': { type: 'string' },
      gateways: { type: 'string' },
      application: { type: 'string' },
      loss: { type: 'string' },
      restart: { type: 'string' },
    },
  });
  const [command, argument] = positionals;
  if (values.help || command === undefined) {
    print(USAGE);
    return values.help ? 0 : 64;
  }
  const tokenFile = values['token-file'];
  const token = tokenFile ? (await readFile(tokenFile, 'utf8')).trim() : process.env.SANSEVAERK_ADMIN_TOKEN;
  const withToken = token ? { token } : {};
  switch (command) {
    case 'run':
      return runCommand({ ...values, ...withToken }, { signal: stop.signal, say });
    case 'replay':
      return replayCommand({ ...values, ...withToken, dataset: argument }, { signal: stop.signal, say, print });
    case 'lorawan':
      // A webhook has a token of its own: the administrator's must not go there by the way.
      return lorawanCommand({ ...values, ...(tokenFile && withToken) }, { signal: stop.signal, say, print });
    case 'region':
      print(`${JSON.stringify(createRegion(values.seed), undefined, 2)}\n`);
      return 0;
    case 'list':
      for (const kind of kinds) print(`${kind.id.padEnd(18)}${kind.label.da.padEnd(28)}${kind.label.en}\n`);
      for (const { id, vendor, product, kind } of lorawanModels)
        print(`${id.padEnd(22)}${`${vendor} ${product}`.padEnd(24)}${kind}\n`);
      return 0;
    default:
      throw new Error(`there is no command "${command}"; see --help`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const stopped = stop.signal.aborted;
  if (!stopped) {
    const { message, cause } = error as Error; // everything thrown here is an error
    say(`sim: ${message}${cause instanceof Error && !message.includes(cause.message) ? ` (${cause.message})` : ''}`);
  }
  process.exitCode = stopped ? 0 : 1;
}
