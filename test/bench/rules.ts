/**
 * How fast the rules stage is on one thread: `node test/bench/rules.ts [assets] [rows a block]`. Values of waste
 * containers that nearly never touch a rule, as in practice; handling and state counted, decoding of the block included.
 */
import { catalogue } from '../../services/knowledge/catalogue/catalogue.ts';
import { createRules } from '../../services/stages/rules/rules.ts';
import { EditableDirectory, RulesRun, silentOps, whole } from '../../services/stages/rules/testing/rules-world.ts';

const ASSETS = Number(process.argv[2] ?? 10_000);
const ROWS = Number(process.argv[3] ?? 25_000);
const BLOCKS = 60;
const ROUNDS = 3;
const QUANTITIES = ['fillingLevel', 'temperature', 'batteryLevel'] as const;
const USUAL = [40, 15, 80] as const;

const directory = new EditableDirectory();
for (let i = 0; i < ASSETS; i++) {
  directory.putAsset({ id: `asset-${i}`, type: 'waste-container', createdAt: 0 });
  directory.putDevice(`asset-${i}`);
}
const writer = new RulesRun(directory);
let now = Date.UTC(2026, 10, 23, 12);
const blocks = Array.from({ length: BLOCKS }, (_, b) =>
  writer.block(
    Array.from({ length: ROWS }, (_, r) => {
      now += 0.01;
      const n = b * ROWS + r;
      const which = n % QUANTITIES.length;
      const quantity = QUANTITIES[which]!;
      return {
        asset: `asset-${Math.floor(n / QUANTITIES.length) % ASSETS}`,
        quantity,
        value: USUAL[which]! + (n % 7),
        time: now - 200,
        received: now,
      };
    }),
  ),
);

const rates: number[] = [];
let bytes = 0;
let keys = 0;
for (let round = 0; round < ROUNDS; round++) {
  const stage = createRules({ directory, catalogue, ops: silentOps() });
  await stage.restore(new Map());
  const begun = performance.now();
  for (const block of blocks) {
    const { state } = await stage.handle([whole(block)]);
    if (round > 0) continue;
    keys += state.size;
    for (const value of state.values()) bytes += value?.byteLength ?? 0;
  }
  rates.push((BLOCKS * ROWS) / ((performance.now() - begun) / 1000));
}
console.log(`${ASSETS} assets, ${ASSETS * QUANTITIES.length} series, ${ROWS} values a batch`);
console.log(`values a second: ${rates.map((r) => Math.round(r).toLocaleString('en')).join(' · ')}`);
console.log(`state a batch: ${Math.round(bytes / BLOCKS / 1024)} KiB in ${Math.round(keys / BLOCKS)} keys`);
console.log(`memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
