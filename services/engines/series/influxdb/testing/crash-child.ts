/**
 * A process to be killed: `crash-child.ts DIR URL BUCKET`. Goes on writing where the store left off, keeps house beside it,
 * and prints the offset after each write that was acknowledged.
 */
import { writeSync } from 'node:fs';
import { crashBatch } from '../../duckdb/testing/crash-rows.ts';
import { openInfluxSeries } from '../open-influx-series.ts';

const [dir = '', url = '', bucket = ''] = process.argv.slice(2);
const logger = { info() {}, warn() {}, error: (details: object, message: string) => console.error(message, details) };
const store = await openInfluxSeries({
  dir,
  address: { url, org: '', bucket, token: undefined },
  logger,
  alerts: { raise() {}, clear() {} },
  retention: { rawBefore: () => 0 },
});
const maintaining = setInterval(() => void store.maintain(Date.now() + 1e10).catch(() => {}), 20);
let { seq, offset } = await store.position();
writeSync(1, `${offset}\n`);
while (seq < 1e6) {
  const columns = crashBatch(seq);
  seq++;
  offset += columns.count;
  await store.write([columns], { seq, offset });
  writeSync(1, `${offset}\n`);
}
clearInterval(maintaining);
