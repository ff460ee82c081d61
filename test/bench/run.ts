/** `npm run bench`: how fast, how small, how even. `-- --only ID,…`, `-- --quick`, `-- --json FILE`, `-- --storage-dir DIR` */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { codec, codecVectors } from './codec.ts';
import { door } from './door.ts';
import { frozenSubscriber } from './frozen-subscriber.ts';
import { influxWrite } from './influx-write.ts';
import { latency } from './latency.ts';
import { describeMachine } from './lib/machine.ts';
import type { BenchContext, Benchmark, Result, Spread } from './lib/result.ts';
import { manyDevices } from './many-devices.ts';
import { memory } from './memory.ts';
import { storage } from './storage-http.ts';
import { sustained } from './sustained.ts';

const BENCHMARKS: Record<string, Benchmark> = {
  'B1-door': door,
  'B1-sustained': sustained,
  B3: manyDevices,
  B9: codecVectors,
  B12: frozenSubscriber,
  codec,
  influxdb: influxWrite,
  latency,
  memory,
  storage,
};

const { values: args } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    'storage-dir': { type: 'string' },
  },
});
const wanted = args.only?.split(',') ?? Object.keys(BENCHMARKS);
const unknown = wanted.find((id) => !(id in BENCHMARKS));
if (unknown !== undefined)
  throw new Error(`--only: there is no ${unknown}; there are ${Object.keys(BENCHMARKS).join(', ')}`);

const context: BenchContext = {
  quick: args.quick,
  say: (text) => console.log(text),
  sustainedRate: undefined,
  storageDir: args['storage-dir'],
};
const machine = describeMachine();
console.log(
  `${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node.js ${machine.node}, ${machine.syncsPerSecond} syncs/s`,
);

const results: Result[] = [];
let failures = 0;
for (const id of wanted) {
  try {
    results.push(...(await BENCHMARKS[id]!(context))); // ids were checked above
  } catch (error) {
    failures++;
    console.error(`${id} could not be measured:`, error);
  }
  // After each, so that a long run that is cut short leaves what it has.
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}

console.log('');
for (const line of table(results)) console.log(line);
process.exitCode = failures > 0 || results.some((r) => r.verdict === 'void') ? 1 : 0;

function table(all: readonly Result[]): string[] {
  const head = ['', 'ours', 'peer', 'ratio', 'target', ''];
  const rows = all.map((r) => [
    r.id,
    `${show(r.ours)} ${r.unit}`,
    r.peer ? `${show(r.peer)} (${r.peer.name})` : '',
    r.ratio ? show(r.ratio) : '',
    targetOf(r),
    r.verdict === 'void' ? `VOID: ${JSON.stringify(r.count)}` : r.verdict,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function show({ median, min, max }: Spread): string {
  const text = (n: number) => n.toLocaleString('en', { maximumSignificantDigits: 4 });
  return min === max ? text(median) : `${text(median)} [${text(min)}–${text(max)}]`;
}

function targetOf({ target }: Result): string {
  const limit = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  return target.of === 'ratio' ? `ratio ${limit}` : limit;
}
