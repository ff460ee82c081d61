/** The crash test with InfluxDB behind the store, which is in trouble itself while the platform is killed and comes back. */
import { type Fault, startFaultProxy } from '../lib/servers/fault-proxy.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { crash } from './crash.ts';

const FAULTS: readonly (Fault | 'killed')[] = [
  { kind: 'status', status: 500 },
  'killed',
  { kind: 'lost-answer' },
  { kind: 'refuse' },
  { kind: 'cut' },
  { kind: 'hang' },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
];

export async function influxdbCrash(cycles: number): Promise<{ ok: boolean; text: string }> {
  const server = await startInfluxdb();
  const proxy = await startFaultProxy({ target: server.url });
  const calm = async (): Promise<void> => {
    await proxy.heal();
    await server.restart();
  };
  const result = await crash({
    cycles,
    // So that the numbers a device counts through stay below 20,000, see crash.ts: a cycle takes less than five seconds.
    rate: Math.min(400, Math.floor(18_000 / (cycles * 5))),
    env: { SANSEVAERK_SERIES_URL: `influxdb://127.0.0.1:${proxy.port}/sansevaerk` },
    // One cycle of two goes well, so that there is something under way when the next trouble comes.
    async trouble(cycle) {
      await calm();
      const fault = FAULTS[(cycle >> 1) % FAULTS.length];
      if (cycle % 2 === 0 || fault === undefined) return;
      setTimeout(() => void (fault === 'killed' ? server.kill() : proxy.inject(fault)), Math.random() * 1000);
    },
    calm,
  });
  await proxy.stop();
  await server.stop();
  return result;
}
