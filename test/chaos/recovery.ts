/** Recovery: from exec to `ready` with 1 GB of log that no stage has handled, after a SIGKILL. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbLog } from '../../services/engines/log/open-lmdb-log.ts';
import { UplinkWriter } from '../../services/model/uplink.ts';
import { createLogger } from '../../services/ops/logger.ts';
import { register, startPlatform, temporaryFolder } from '../lib/platform.ts';

const BYTES = 1_000_000_000;
const ROUNDS = 7;
const MEDIAN_MS = 2000;
const MAX_MS = 5000;

export async function recovery(): Promise<{ ok: boolean; text: string }> {
  const dir = temporaryFolder();
  const first = await startPlatform({ dir });
  await register(first, ['device-0']);
  await first.stop();
  const log = await openLmdbLog({ dir: join(dir, 'data/log'), logger: createLogger('silent') });
  const writer = new UplinkWriter(1 << 20);
  let bytes = 0;
  let n = 0;
  while (bytes < BYTES) {
    for (let i = 0; i < 5000; i++) {
      const at = Date.now() - 3_600_000 + n;
      const payload = Buffer.from(
        `{"time":${at},"distance":${n++ % 20000},"temperature":${(n % 400) / 10},"batteryVoltage":3.61,"note":"${'x'.repeat(60)}"}`,
      );
      writer.push({
        device: 'device-0',
        owner: 'testby',
        kind: 'readings',
        door: 'mqtt',
        receivedAt: Date.now(),
        qos: 1,
        dup: false,
        packetId: 1,
        session: '',
        connection: 1,
        identity: '',
        payload,
      });
    }
    const count = writer.count;
    const body = writer.take();
    bytes += body.byteLength;
    await log.commit({
      stage: 'ingest',
      partition: 0,
      upTo: {},
      outputs: [{ stream: 'uplinks', at: Date.now(), count, body }],
      state: new Map(),
    });
  }
  await log.close();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const platform = await startPlatform({ dir });
    times.push(platform.readyMs);
    await platform.kill();
  }
  rmSync(dir, { recursive: true, force: true });
  times.sort((a, b) => a - b);
  const median = times[Math.floor(ROUNDS / 2)] ?? Infinity;
  const max = times.at(-1) ?? Infinity;
  return {
    ok: median <= MEDIAN_MS && max <= MAX_MS,
    text: `${n} uplinks, ${(bytes / 1e9).toFixed(2)} GB unhandled: ready median ${Math.round(median)} ms (≤ ${MEDIAN_MS}), max ${Math.round(max)} ms (≤ ${MAX_MS})`,
  };
}
