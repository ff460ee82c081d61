/**
 * A process to be killed: commits an uplink block, a reading block, a position and a state entry together, all with the same
 * number, several commits under way at a time, and prints each number once its commit has resolved.
 */
import { writeSync } from 'node:fs';
import { openLmdbLog } from '../open-lmdb-log.ts';
import { quiet } from './house.ts';

const [dir = '', generationBytes = '1'] = process.argv.slice(2);
const log = await openLmdbLog({ dir, logger: quiet, housekeeper: true, generationBytes: Number(generationBytes) });
const { seq } = await log.end('uplinks');
let next = seq;
async function lane(): Promise<void> {
  for (;;) {
    const n = next++;
    const number = Buffer.from(String(n));
    const body = Buffer.concat([number, Buffer.alloc(n % 3000)]);
    const at = 1000 + n;
    await log.commit({
      stage: 'decode',
      partition: 0,
      upTo: { uplinks: { seq: n + 1, offset: n } },
      outputs: [
        { stream: 'uplinks', at, count: 1, body },
        { stream: 'readings', at, count: 2, body },
      ],
      state: new Map([['n', number]]),
    });
    writeSync(1, `${n}\n`);
  }
}
await Promise.all([lane(), lane(), lane(), lane()]);
