/** `npm run test:chaos`: crash and recovery tests. `-- --cycles N`, `-- --only ID,…` */
import { parseArgs } from 'node:util';
import { crash } from './crash.ts';
import { influxdbDown } from './influxdb-down.ts';
import { influxdbFaults } from './influxdb-faults.ts';
import { recovery } from './recovery.ts';
import { influxdbCrash, victoriametricsCrash } from './server-crash.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '10' },
    only: { type: 'string' },
    long: { type: 'boolean' },
    down: { type: 'string', default: '60' },
  },
});
const cycles = Number(values.cycles);
if (!Number.isInteger(cycles) || cycles < 1) throw new Error('--cycles: give a whole number above 0');

const down = Number(values.down);
if (!Number.isInteger(down) || down < 5) throw new Error('--down: give a whole number of seconds from 5');

const TESTS = {
  crash: () => crash({ cycles: values.long ? Math.max(cycles, 200) : cycles }),
  'influxdb-crash': () => influxdbCrash(cycles),
  'influxdb-faults': influxdbFaults,
  'victoriametrics-crash': () => victoriametricsCrash(cycles),
  'influxdb-down': () => influxdbDown(down),
  recovery,
};
const wanted = values.only?.split(',') ?? Object.keys(TESTS);
let passed = 0;
for (const id of wanted) {
  const test = TESTS[id as keyof typeof TESTS]; // unknown ids are told below
  if (!test) throw new Error(`--only: there is no ${id}; there are ${Object.keys(TESTS).join(', ')}`);
  const { ok, text } = await test();
  console.log(`${ok ? 'passed' : 'FAILED'} ${id}: ${text}`);
  if (ok) passed++;
}
console.log(`${passed} passed, ${wanted.length - passed} failed`);
process.exitCode = passed === wanted.length ? 0 : 1;
