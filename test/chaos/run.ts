/** `npm run test:chaos`: crash and recovery tests. `-- --cycles N`, `-- --only ID,…`, `-- --down SECONDS`, `-- --long` */
import { parseArgs } from 'node:util';
import { hasMosquitto } from '../bench/lib/mosquitto.ts';
import { hasInfluxdb } from '../lib/servers/influxdb.ts';
import { hasVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';
import { codecAbuse } from './codec-abuse.ts';
import { crash } from './crash.ts';
import { influxdbDown } from './influxdb-down.ts';
import { influxdbFaults } from './influxdb-faults.ts';
import { networkServer } from './network-server.ts';
import { recovery } from './recovery.ts';
import { influxdbCrash, victoriametricsCrash } from './server-crash.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '10' },
    /** How long the server behind the store is away in `influxdb-down`; ten minutes by hand, one in CI. */
    down: { type: 'string', default: '60' },
    only: { type: 'string' },
    long: { type: 'boolean' },
  },
});
const cycles = Number(values.cycles);
if (!Number.isInteger(cycles) || cycles < 1) throw new Error('--cycles: give a whole number above 0');
const down = Number(values.down);
if (!Number.isInteger(down) || down < 5) throw new Error('--down: give a whole number of seconds from 5');

interface Test {
  run: () => Promise<{ ok: boolean; text: string }>;
  /** Is what it needs beside it there? */
  can?: () => boolean;
}

const TESTS: Record<string, Test> = {
  crash: { run: () => crash({ cycles: values.long ? Math.max(cycles, 200) : cycles }) },
  'codec-abuse': { run: codecAbuse },
  recovery: { run: recovery },
  'network-server': { run: () => networkServer(cycles), can: hasMosquitto },
  'influxdb-crash': { run: () => influxdbCrash(cycles), can: hasInfluxdb },
  'influxdb-faults': { run: influxdbFaults, can: hasInfluxdb },
  'influxdb-down': { run: () => influxdbDown(down), can: hasInfluxdb },
  'victoriametrics-crash': { run: () => victoriametricsCrash(cycles), can: hasVictoriaMetrics },
};

/** `influxdb` stands for all tests whose name begins with it. */
function idsOf(name: string): string[] {
  const ids = Object.keys(TESTS).filter((id) => id === name || id.startsWith(`${name}-`));
  if (ids.length === 0) throw new Error(`--only: there is no ${name}; there are ${Object.keys(TESTS).join(', ')}`);
  return ids;
}

let passed = 0;
let failed = 0;
for (const id of values.only?.split(',').flatMap(idsOf) ?? Object.keys(TESTS)) {
  const { run, can = () => true } = TESTS[id]!; // ids come from its keys
  if (!can()) {
    console.log(`skipped ${id}: its server is not installed`);
    continue;
  }
  const { ok, text } = await run();
  console.log(`${ok ? 'passed' : 'FAILED'} ${id}: ${text}`);
  if (ok) passed++;
  else failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
