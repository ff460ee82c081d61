/** The crash test with a server behind the store that is in trouble itself while the platform is killed and comes back. */
import { type Fault, startFaultProxy } from '../lib/servers/fault-proxy.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import type { EngineServer } from '../lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';
import { crash } from './crash.ts';

type Trouble = Fault | 'killed';

const FAULTS: readonly Trouble[] = [
  { kind: 'status', status: 500 },
  { kind: 'lost-answer' },
  { kind: 'refuse' },
  { kind: 'cut' },
  { kind: 'hang' },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
];

/** A kill of the server is one of the troubles: InfluxDB syncs before it confirms. */
export async function influxdbCrash(cycles: number): Promise<{ ok: boolean; text: string }> {
  const url = (port: number) => `influxdb://127.0.0.1:${port}/sansevaerk`;
  return await serverCrash({ cycles, server: await startInfluxdb(), url, troubles: ['killed', ...FAULTS] });
}

/** Without kills of the server: what it confirms it may still lose (docs/decisions/008). */
export async function victoriametricsCrash(cycles: number): Promise<{ ok: boolean; text: string }> {
  const url = (port: number) => `victoriametrics://127.0.0.1:${port}?corrections=ignored`;
  return await serverCrash({ cycles, server: await startVictoriaMetrics(), url, troubles: FAULTS });
}

interface ServerCrash {
  cycles: number;
  server: EngineServer;
  /** SANSEVAERK_SERIES_URL for a port of this machine. */
  url: (port: number) => string;
  troubles: readonly Trouble[];
}

async function serverCrash({ cycles, server, url, troubles }: ServerCrash): Promise<{ ok: boolean; text: string }> {
  const proxy = await startFaultProxy({ target: server.url });
  const calm = async (): Promise<void> => {
    await proxy.heal();
    if (troubles.includes('killed')) await server.restart();
  };
  const result = await crash({
    cycles,
    // So that the numbers a device counts through stay below 20,000, see crash.ts: a cycle takes less than five seconds.
    rate: Math.min(400, Math.floor(18_000 / (cycles * 5))),
    env: { SANSEVAERK_SERIES_URL: url(proxy.port) },
    // One cycle of two goes well, so that there is something under way when the next trouble comes.
    async trouble(cycle) {
      await calm();
      const trouble = troubles[(cycle >> 1) % troubles.length];
      if (cycle % 2 === 0 || trouble === undefined) return;
      setTimeout(() => void (trouble === 'killed' ? server.kill() : proxy.inject(trouble)), Math.random() * 1000);
    },
    calm,
  });
  await proxy.stop();
  await server.stop();
  return result;
}
