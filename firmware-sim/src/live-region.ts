/** The demo's region against a running platform: registered, given a month of history, then alive over MQTT. */
import { historyChunks, importLine } from './history.ts';
import { type ApiClient, createApiClient, forEachLimited } from './http/api-client.ts';
import { register } from './http/register.ts';
import { type RunResult, runDevices } from './mqtt/run-devices.ts';
import { createRegion, type Region } from './region/create-region.ts';
import { type StartedDevice, startRegion } from './region/start-region.ts';
import { reportSteps } from './step.ts';
import { createClock } from './world/clock.ts';
import { DAY } from './world/local-time.ts';

export interface LiveRegionOptions {
  /** `http://host:port` */
  apiUrl: string;
  mqttUrl: string;
  adminToken: string;
  seed?: string | number;
  signal?: AbortSignal;
  /** How much more often than in life devices report; 1 as in life, default 30. Times are real at any speed. */
  speed?: number;
  /** Days of history; default 30, 0 for none. */
  days?: number;
  /** One line about each part of the work. */
  log?(line: string): void;
}

export interface LiveRegion {
  assets: number;
  devices: number;
  /** What was imported; readings in the platform's sense, one value of one series at one instant. */
  history: { lines: number; values: number; milliseconds: number };
  /** Resolves when the devices have stopped, after the signal. */
  done: Promise<RunResult>;
}

/** Resolves when history is entered and the devices have begun to connect. Rejects when the platform refuses. */
export async function liveRegion(options: LiveRegionOptions): Promise<LiveRegion> {
  const { apiUrl, mqttUrl, adminToken, signal, seed = 1, speed = 30, days = 30, log = () => {} } = options;
  const api = createApiClient({ apiUrl, token: adminToken, ...(signal ? { signal } : {}) });
  const region = createRegion(seed);

  const began = performance.now();
  const secrets = await register(api, region);
  log(`registered ${region.assets.length} assets and as many devices in ${seconds(began)}`);

  const liveMs = Date.now();
  const devices = startRegion(region, { startMs: liveMs - days * DAY, liveMs, speed });
  const history = await importHistory(api, devices, await lastKnown(api, region));
  log(
    `entered ${days} days of history: ${history.values} values in ${history.lines} lines, ${(history.milliseconds / 1000).toFixed(1)} s`,
  );

  const done = runDevices({
    url: mqttUrl,
    devices: devices.map(({ id, timeline }) => ({
      id,
      secret: secrets.get(id) ?? '',
      steps: reportSteps({ timeline, stamped: true }),
    })),
    clock: createClock({ start: Date.now(), speed: 1 }),
    ...(signal ? { signal } : {}),
    onProblem: throttled(log),
  });
  done.catch(() => {}); // seen by whoever awaits it
  return { assets: region.assets.length, devices: devices.length, history, done };
}

// Large enough to fill a commit on the other side, small enough to be sent again.
const REQUEST_BYTES = 2 * 1024 * 1024;

async function importHistory(
  api: ApiClient,
  devices: readonly StartedDevice[],
  since: number,
): Promise<LiveRegion['history']> {
  const began = performance.now();
  const total = { lines: 0, values: 0 };
  async function* requests(): AsyncGenerator<string> {
    let lines: string[] = [];
    let bytes = 0;
    for await (const chunk of historyChunks(devices, { since })) {
      const line = importLine(chunk);
      total.lines++;
      total.values += chunk.values;
      lines.push(line);
      bytes += line.length;
      if (bytes >= REQUEST_BYTES) {
        yield lines.join('');
        lines = [];
        bytes = 0;
      }
    }
    if (lines.length > 0) yield lines.join('');
  }
  // Two at a time: one is made and read while the other becomes durable.
  await forEachLimited(requests(), 2, async (lines) => {
    const answer = await api.postLines('/import/readings', lines);
    const errors = typeof answer === 'object' && answer !== null && 'errors' in answer ? answer.errors : undefined;
    if (Array.isArray(errors) && errors.length > 0) {
      throw new Error(`the platform refused lines of history: ${JSON.stringify(errors[0])}`);
    }
  });
  return { ...total, milliseconds: Math.round(performance.now() - began) };
}

/** With data kept from an earlier run, history goes on where that ended; a second account of the same days is no use. */
async function lastKnown(api: ApiClient, region: Region): Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  for (const { id } of region.assets.filter((a) => a.body.type === 'pumping-station').slice(0, 3)) {
    const asset = await api.get(`/assets/${id}`);
    if (typeof asset !== 'object' || asset === null || !('latest' in asset) || !Array.isArray(asset.latest)) continue;
    for (const { time } of asset.latest as { time: string }[]) last = Math.max(last, Date.parse(time) + 1); // contract.md
  }
  return last;
}

/** A broker that is away is a problem of four hundred devices; one line in ten seconds says so as well. */
function throttled(log: (line: string) => void): (device: string, error: Error) => void {
  let quietUntil = 0;
  let unsaid = 0;
  return (device, error) => {
    if (performance.now() < quietUntil) {
      unsaid++;
      return;
    }
    log(`${device}: ${error.message}${unsaid > 0 ? ` (and ${unsaid} other problems)` : ''}`);
    unsaid = 0;
    quietUntil = performance.now() + 10_000;
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
