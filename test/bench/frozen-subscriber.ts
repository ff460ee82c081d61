/** B12: devices must not feel it when somebody subscribes to everything live and stops reading. */
import { LoadedPlatform } from './lib/loaded-platform.ts';
import { MqttConnection } from './lib/mqtt-connection.ts';
import { type Benchmark, judged, spread } from './lib/result.ts';

const DEVICES = 20;
const DASHBOARDS = 20;
/** The platform cuts off who does not read within 10 s; then the next one comes. */
const FROZEN_MS = 10_000;
const TOKEN = 'benchmark-administrator-token';

export const frozenSubscriber: Benchmark = async ({ quick, say }) => {
  const seconds = quick ? 8 : 20;
  const rounds = quick ? 3 : 6;
  const loaded = await LoadedPlatform.start(DEVICES, { env: { SANSEVAERK_MQTT_LIVE_PORT: '0' } });
  const { platform } = loaded;
  try {
    const port = platform.livePort ?? 0;
    const { token } = await platform.api<{ token: string }>('POST', '/tokens', {
      organisation: 'testby',
      name: TOKEN,
      role: 'reader',
    });
    const open = (clientId: string) => MqttConnection.open({ port, clientId, username: 'live', password: token });
    const dashboards: MqttConnection[] = [];
    for (let n = 0; n < DASHBOARDS; n++) {
      const dashboard = await open(`dashboard-${n}`);
      await dashboard.subscribe(`live/testby/waste-container/device-${n % DEVICES}/batteryVoltage`);
      dashboards.push(dashboard);
    }
    const received = () => dashboards.reduce((sum, d) => sum + d.received, 0);
    const load = { connections: DEVICES, inFlight: 100, seconds };
    await loaded.load({ ...load, seconds: 3 }); // warm, so that the first round is not the slow one
    await loaded.drained();
    const measure = async (frozen: boolean) => {
      const stop = frozen ? await keepFrozen(open) : undefined;
      const before = received();
      const { rate } = await loaded.load(load);
      const liveBytes = (received() - before) / seconds;
      stop?.();
      await loaded.drained();
      return { rate, liveBytes };
    };
    const without: number[] = [];
    const beside: number[] = [];
    const live = { without: [] as number[], beside: [] as number[] };
    for (let n = 1; n <= rounds; n++) {
      // Each goes first as often as the other.
      for (const frozen of n % 2 === 0 ? [true, false] : [false, true]) {
        const { rate, liveBytes } = await measure(frozen);
        (frozen ? beside : without).push(rate);
        (frozen ? live.beside : live.without).push(liveBytes);
      }
      say(
        `B12 ${n}/${rounds}: ${Math.round(beside.at(-1) ?? 0)}/s beside it, ${Math.round(without.at(-1) ?? 0)}/s without`,
      );
    }
    for (const dashboard of dashboards) dashboard.close();
    return [
      judged({
        id: 'B12',
        what: `PUBACK rate beside one subscriber to live/# that never reads, and ${DASHBOARDS} that do, to the rate without it`,
        unit: 'uplinks/s',
        ours: spread(beside),
        peer: {
          name: 'the same without it',
          version: 'this',
          settings: `${DASHBOARDS} live subscribers`,
          ...spread(without),
        },
        ratio: spread(beside.map((rate, n) => rate / without[n]!)), // as many of both
        count: await loaded.count(),
        target: { of: 'ratio', atLeast: 0.97 },
        details: {
          ...load,
          rounds,
          liveBytesPerSecond: { beside: spread(live.beside), without: spread(live.without) },
        },
      }),
    ];
  } finally {
    await platform.stop();
  }
};

/** Sees to it that at any time one subscriber is there that does not read. Gives the end of it. */
async function keepFrozen(open: (clientId: string) => Promise<MqttConnection>): Promise<() => void> {
  let n = 0;
  let frozen: MqttConnection | undefined;
  const next = async (): Promise<void> => {
    const connection = await open(`frozen-${n++}`);
    await connection.subscribe('live/#');
    connection.freeze();
    frozen?.close();
    frozen = connection;
  };
  await next();
  let failure: unknown;
  const timer = setInterval(() => {
    next().catch((error: unknown) => {
      failure = error;
    });
  }, FROZEN_MS);
  return () => {
    clearInterval(timer);
    frozen?.close();
    if (failure) throw new Error('no subscriber to freeze', { cause: failure });
  };
}
