/**
 * A process to be killed: `crash-child.ts DIR`. Goes on writing where the store left off, seals and merges beside it, and
 * prints the offset after each write that was acknowledged.
 */
import { writeSync } from 'node:fs';
import { openDuckdbSeries } from '../duckdb-series.ts';
import { crashBatch, crashLimits } from './crash-rows.ts';

const dir = process.argv[2] ?? '';
const logger = { info() {}, warn() {}, error: (details: object, message: string) => console.error(message, details) };
const store = await openDuckdbSeries({ dir, logger, threads: 1, limits: crashLimits });
const maintaining = setInterval(() => void store.maintain(Date.now()).catch(() => {}), 20);
let { seq, offset } = await store.position();
writeSync(1, `${offset}\n`);
for (;;) {
  const columns = crashBatch(seq);
  seq++;
  offset += columns.count;
  await store.write([columns], { seq, offset });
  writeSync(1, `${offset}\n`);
  if (seq > 1e6) break;
}
clearInterval(maintaining);
