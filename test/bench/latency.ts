/** Publish to queryable while the platform works at half of what it can do: one probe device and the HTTP API. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '../lib/platform.ts';
import { DEVICE_PREFIX, LoadedPlatform } from './lib/loaded-platform.ts';
import { MqttConnection } from './lib/mqtt-connection.ts';
import { type Benchmark, judged, quantile, round, spread } from './lib/result.ts';
import { sustained } from './sustained.ts';

const DEVICES = 20;
/** The probe is one device more. */
const PROBE = `${DEVICE_PREFIX}${DEVICES}`;
/** Between two probes, and between two questions for one. */
const EVERY_MS = 50;
const ASK_MS = 4;
const GIVE_UP_MS = 30_000;
/** The first seconds are the load's beginning, not its course. */
const SETTLE_MS = 3_000;

export const latency: Benchmark = async (context) => {
  const { quick, say } = context;
  if (context.sustainedRate === undefined) await sustained({ ...context, quick: true }).then(rememberRate);
  const rate = Math.round((context.sustainedRate ?? 0) / 2);
  const seconds = quick ? 15 : 60;
  const rounds = quick ? 2 : 3;
  const loaded = await LoadedPlatform.start(DEVICES + 1);
  const { platform } = loaded;
  try {
    const { password } = await platform.api<{ password: string }>('POST', `/devices/${PROBE}/credentials`);
    const probe = await MqttConnection.open({
      port: platform.mqttPort,
      clientId: 'probe',
      username: PROBE,
      password,
    });
    const p99: number[] = [];
    const all: number[] = [];
    const acks: number[] = [];
    for (let n = 1; n <= rounds; n++) {
      const loading = loaded.load({ connections: DEVICES, inFlight: 1000, seconds, rate });
      const seen = await watch({ platform, probe, ms: seconds * 1000 - SETTLE_MS });
      loaded.countAcked(seen.length);
      acks.push((await loading).rate);
      p99.push(quantile(seen, 0.99));
      all.push(...seen);
      say(
        `latency ${n}/${rounds}: p99 ${p99.at(-1)?.toFixed(0)} ms of ${seen.length} probes at ${Math.round(acks.at(-1) ?? 0)}/s`,
      );
      await loaded.drained();
    }
    probe.close();
    return [
      judged({
        id: 'latency',
        what: `publish to queryable over HTTP, p99, at ${rate.toLocaleString('en')} uplinks/s: half the sustained rate`,
        unit: 'ms',
        ours: spread(p99),
        peer: null,
        ratio: null,
        count: await loaded.count(),
        target: { of: 'ours', atMost: 250 },
        details: {
          probes: all.length,
          p50: round(quantile(all, 0.5)),
          p95: round(quantile(all, 0.95)),
          max: round(Math.max(...all)),
          loadRate: spread(acks),
        },
      }),
    ];
  } finally {
    await platform.stop();
  }

  function rememberRate(results: Awaited<ReturnType<Benchmark>>): void {
    context.sustainedRate = results[0]?.ours.median;
  }
};

interface Watch {
  platform: Platform;
  probe: MqttConnection;
  ms: number;
}

/** Publishes one value after the other and asks for each until it is there; gives how long that took, ms. */
async function watch({ platform, probe, ms }: Watch): Promise<number[]> {
  await pause(SETTLE_MS / 2);
  const seen: number[] = [];
  const end = performance.now() + ms - SETTLE_MS / 2;
  while (performance.now() < end) {
    const began = performance.now();
    const time = Date.now();
    probe.publish(`devices/${PROBE}/readings`, JSON.stringify({ time, fillingLevel: 50, batteryVoltage: 3.61 }));
    const path = `/assets/${PROBE}/readings?quantity=fillingLevel&from=${time}&to=${time + 1}`;
    while ((await platform.api<{ points: unknown[] }>('GET', path)).points.length === 0) {
      if (performance.now() - began > GIVE_UP_MS) throw new Error(`a value was not queryable after ${GIVE_UP_MS} ms`);
      await pause(ASK_MS);
    }
    seen.push(performance.now() - began);
    await pause(Math.max(1, EVERY_MS - (performance.now() - began)));
  }
  return seen;
}
