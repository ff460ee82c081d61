/**
 * A network server publishes at QoS 1 through a real Mosquitto while the platform is killed at random and the broker is
 * restarted: nothing is lost, nothing counts twice. Then the broker stays away: one alert within a minute, and none when it is back.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { type RunningMosquitto, startMosquitto } from '../bench/lib/mosquitto.ts';
import { eventually, type Platform, startPlatform, temporaryFolder } from '../lib/platform.ts';
import { compare, faultsOf, imbalance, type LedgerCounts } from './books.ts';

const DEVICES = 20;
const LEAST_CYCLES = 5;
const MAX_LOAD_MS = 1500;
/** Between two rounds in which each device is heard once. */
const ROUND_MS = 100;
/** One in so many is told twice, as when a network server resends it. */
const TWICE_EVERY = 20;
const ALERT_MS = 60_000;
const SERVER = 'chirp';
const ALERT = `alert network-server:${SERVER} (work)`;

// As an operator sets it who wants nothing lost when the broker is restarted: it saves at SIGTERM.
const SETTINGS = [
  'allow_anonymous true',
  // Started by root, it would become a user who may not write there.
  'user root',
  'persistence true',
  'max_queued_messages 0',
  'log_type error',
];

const idOf = (n: number): string => `lora-${String(n).padStart(2, '0')}`;
const euiOf = (n: number): string => `24e124136b50${n.toString(16).padStart(4, '0')}`;

export async function networkServer(wanted: number): Promise<{ ok: boolean; text: string }> {
  const cycles = Math.max(LEAST_CYCLES, wanted);
  const dir = temporaryFolder();
  const record = join(dir, 'record');
  const brokerDir = join(dir, 'broker');
  mkdirSync(brokerDir);
  const settings = [...SETTINGS, `persistence_location ${brokerDir}/`];
  let broker = await startMosquitto({ dir: brokerDir, settings });
  const { port } = broker;
  const restart = async (): Promise<RunningMosquitto> => await startMosquitto({ dir: brokerDir, settings, port });
  let platform = await startPlatform({ dir });
  await registerAll(platform, port);
  const chirpstack = await startChirpstack({ port, record });

  const problems: string[] = [];
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await new Promise((later) => setTimeout(later, Math.random() * MAX_LOAD_MS));
    await platform.kill();
    if (cycle % 2 === 0) {
      await broker.stop();
      broker = await restart();
    }
    platform = await startPlatform({ dir });
    const wrong = imbalance(await platform.api<LedgerCounts>('GET', '/ledger'));
    if (wrong) problems.push(`after crash ${cycle}: ${wrong}`);
  }
  const { sent, twice } = await chirpstack.stop();
  const ids = Array.from({ length: DEVICES }, (_, n) => idOf(n));
  // What waits at the broker is not in the ledger yet: it is there when every frame is a reading.
  const ledger = await eventually(
    () => platform.api<LedgerCounts>('GET', '/ledger'),
    (l) => l.pending === 0 && l.storePending === 0 && l.readings >= sent,
    60_000,
  ).catch(async () => await platform.api<LedgerCounts>('GET', '/ledger'));
  const wrong = imbalance(ledger);
  if (wrong) problems.push(`at the end: ${wrong}`);
  if (ledger.rejected > 0) problems.push(`${ledger.rejected} rejected`);
  problems.push(...faultsOf(await compare(platform, ids, record)));

  const stopped = await outage(platform, {
    what: 'stopped',
    begin: () => broker.stop(),
    async end() {
      broker = await restart();
    },
  });
  // Nobody says that it is gone: only its silence does.
  const silent = await outage(platform, {
    what: 'silent',
    begin: async () => void process.kill(broker.pid, 'SIGSTOP'),
    end: async () => void process.kill(broker.pid, 'SIGCONT'),
  });
  problems.push(...stopped.problems, ...silent.problems);

  await platform.stop();
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
  const text = `${cycles} crashes, ${Math.floor(cycles / 2)} restarts of the broker, ${sent} frames, ${twice} of them twice, ${ledger.accepted} accepted; ${stopped.text}; ${silent.text}`;
  return { ok: problems.length === 0, text: [text, ...problems].join('\n  ') };
}

async function registerAll(platform: Platform, port: number): Promise<void> {
  await platform.api('PUT', '/organisations/testby', { name: 'Testby', kind: 'municipality' });
  await platform.api('PUT', `/network-servers/${SERVER}`, {
    owner: 'testby',
    name: 'ChirpStack',
    kind: 'chirpstack',
    transport: 'mqtt',
    url: `mqtt://127.0.0.1:${port}`,
  });
  for (let n = 0; n < DEVICES; n++) {
    const asset = { owner: 'testby', type: 'waste-container', name: idOf(n), attributes: {}, sharing: 'internal' };
    await platform.api('PUT', `/assets/${idOf(n)}`, asset);
    await platform.api('PUT', `/devices/${idOf(n)}`, {
      owner: 'testby',
      model: 'milesight-em400-mud',
      asset: idOf(n),
      connection: { kind: 'lorawan', devEui: euiOf(n), networkServer: SERVER },
    });
  }
  // Only a session that exists is kept: what is published before nobody hears, whatever the QoS.
  await eventually(
    () => platform.api<{ state: { connection: string } }>('GET', `/network-servers/${SERVER}`),
    ({ state }) => state.connection === 'connected',
  );
}

interface Chirpstack {
  /** Resolves when the broker has acknowledged everything, with how many frames there were and how many it was given twice. */
  stop(): Promise<{ sent: number; twice: number }>;
}

/** Publishes rounds of frames, each with a number of its own as distance; writes down intents and acknowledgements. */
async function startChirpstack({ port, record }: { port: number; record: string }): Promise<Chirpstack> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: 'chirpstack',
    clean: false,
    reconnectPeriod: 50,
  });
  client.on('error', () => {}); // the broker is restarted; MQTT.js sends again what was not acknowledged
  const began = Date.now() - 3_600_000;
  const underWay = new Set<Promise<void>>();
  let number = 0;
  let twice = 0;
  const round = (): void => {
    number++;
    for (let n = 0; n < DEVICES; n++) {
      const again = (number + n) % TWICE_EVERY === 0;
      if (again) twice++;
      const sending = hear({ client, record, n, number, time: began + number * ROUND_MS, again }).finally(() =>
        underWay.delete(sending),
      );
      underWay.add(sending);
    }
  };
  const timer = setInterval(round, ROUND_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      await client.endAsync();
      return { sent: number * DEVICES, twice };
    },
  };
}

interface Heard {
  client: MqttClient;
  record: string;
  n: number;
  number: number;
  time: number;
  again: boolean;
}

async function hear({ client, record, n, number, time, again }: Heard): Promise<void> {
  const topic = `application/app-1/device/${euiOf(n)}/event/up`;
  const message = JSON.stringify({
    deduplicationId: randomUUID(),
    time: new Date(time).toISOString(),
    deviceInfo: { applicationId: 'app-1', deviceName: idOf(n), devEui: euiOf(n), tags: {} },
    devAddr: '01a4c7f2',
    fCnt: number,
    fPort: 85,
    data: Buffer.of(0x04, 0x82, number & 255, number >> 8).toString('base64'),
    rxInfo: [],
  });
  appendFileSync(record, `i ${idOf(n)} ${number}\n`);
  await publish(client, topic, message);
  appendFileSync(record, `a ${idOf(n)} ${number}\n`);
  if (again) await publish(client, topic, message);
}

/** Until the broker has it: what MQTT.js was about to send when the connection ended it gives back as an error. */
async function publish(client: MqttClient, topic: string, message: string): Promise<void> {
  for (;;) {
    try {
      await client.publishAsync(topic, message, { qos: 1 });
      return;
    } catch {
      await new Promise((again) => setTimeout(again, ROUND_MS));
    }
  }
}

interface Outage {
  what: string;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** One alert within a minute, the platform ready all the same; and no alert when it is over. */
async function outage(platform: Platform, { what, begin, end }: Outage): Promise<{ text: string; problems: string[] }> {
  const problems: string[] = [];
  await begin();
  const away = await alertTime(platform, true);
  const { status, dependencies } = await readiness(platform);
  const alerts = Object.keys(dependencies).filter((name) => name.startsWith('alert '));
  if (away === undefined) problems.push(`${what}: no alert within ${ALERT_MS / 1000} s`);
  if (alerts.length !== 1) problems.push(`${what}: ${alerts.length} alerts, not one: ${alerts.join(', ')}`);
  if (status !== 'ready')
    problems.push(`${what}: it is the broker that is away, and the platform says it is not ready`);
  await end();
  const back = await alertTime(platform, false);
  if (back === undefined) problems.push(`${what}: the alert stood ${ALERT_MS / 1000} s after the broker was back`);
  const seconds = (ms = Number.NaN): string => `${(ms / 1000).toFixed(1)} s`;
  return { text: `${what}: alert after ${seconds(away)}, none ${seconds(back)} after it was back`, problems };
}

interface Readiness {
  status: string;
  dependencies: Record<string, unknown>;
}

function readiness(platform: Platform): Promise<Readiness> {
  return platform.api<Readiness>('GET', '/readyz', undefined, { expect: [200, 503] });
}

/** Ms until the alert stands, or is gone; undefined when that takes too long. */
async function alertTime(platform: Platform, standing: boolean): Promise<number | undefined> {
  const began = performance.now();
  try {
    await eventually(
      () => readiness(platform),
      ({ dependencies }) => ALERT in dependencies === standing,
      ALERT_MS,
    );
    return performance.now() - began;
  } catch {
    return undefined;
  }
}
