/** A small municipality with history, live values over MQTT and an open alert: what the browser tests look at. */
import { connectAsync, type MqttClient } from 'mqtt';
import { eventually, type Platform } from '../lib/platform.ts';

const HOUR = 3_600_000;
const DAYS = 8;

export const OWNER = { id: 'testby', name: 'Testby Kommune' };
export const STATION = { id: 'pst-aavej', name: 'Pst. Åvej' };
export const BIN = { id: 'kurv-1', name: 'Affaldskurv Torvet 1' };
export const UNHEARD = { id: 'krans-1', name: 'Redningskrans Søen' };
/** A part of the station's history is missing: a gap. */
export const GAP = { fromHoursAgo: 60, toHoursAgo: 40 };

export interface Devices {
  /** Publishes readings of the station; resolves when they are acknowledged. */
  station(values: Record<string, number>): Promise<void>;
  bin(values: Record<string, number>): Promise<void>;
  end(): Promise<void>;
}

export async function enterSampleData(platform: Platform): Promise<Devices> {
  await platform.api('PUT', `/organisations/${OWNER.id}`, { name: OWNER.name, kind: 'municipality' });
  const asset = (id: string, name: string, type: string, sharing: string, attributes: object = {}) =>
    platform.api('PUT', `/assets/${id}`, {
      owner: OWNER.id,
      type,
      name,
      location: { lat: 56.16, lon: 9.55 },
      attributes,
      sharing,
      tags: [],
    });
  await asset(STATION.id, STATION.name, 'pumping-station', 'internal', { category: 'A', highLevel: 2.2 });
  await asset(BIN.id, BIN.name, 'waste-container', 'open', {
    kind: 'litter-bin',
    emptyingDays: ['monday', 'thursday'],
  });
  await asset(UNHEARD.id, UNHEARD.name, 'rescue-ring', 'open');
  await asset('taeller-1', 'Tælling Ringvejen', 'traffic-counter', 'open');
  const secrets = new Map<string, string>();
  for (const id of [STATION.id, BIN.id, 'taeller-1']) {
    await platform.api('PUT', `/devices/s-${id}`, {
      owner: OWNER.id,
      model: 'generic-json',
      asset: id,
      connection: { kind: 'mqtt' },
    });
    const { password } = await platform.api<{ password: string }>('POST', `/devices/s-${id}/credentials`);
    secrets.set(id, password);
  }
  await enterHistory(platform);
  await platform.api('PUT', '/rules/aavej-hoej', RULE);
  const clients = new Map<string, MqttClient>();
  for (const [id, password] of secrets) {
    const username = `s-${id}`;
    clients.set(id, await connectAsync(`mqtt://127.0.0.1:${platform.mqttPort}`, { username, password }));
  }
  const publish = async (id: string, values: Record<string, number>): Promise<void> => {
    const payload = JSON.stringify({ time: new Date().toISOString(), ...values });
    await clients.get(id)?.publishAsync(`devices/s-${id}/readings`, payload, { qos: 1 });
  };
  const devices: Devices = {
    station: (values) => publish(STATION.id, values),
    bin: (values) => publish(BIN.id, values),
    end: async () => void (await Promise.all([...clients.values()].map((c) => c.endAsync()))),
  };
  await devices.bin({ fillingLevel: 41, temperature: 7.5 });
  await raiseAlert(platform, devices);
  return devices;
}

/** The rule is known to its stage within a second; publishing until it answers needs no guess. */
export async function raiseAlert(platform: Platform, devices: Devices): Promise<string> {
  const { items } = await eventually(
    async () => {
      await devices.station({ waterDepth: 2.31 });
      return await platform.api<{ items: { id: string; rule: string }[] }>('GET', '/alerts?state=open');
    },
    (answer) => answer.items.some((a) => a.rule === 'aavej-hoej'),
  );
  return items.find((a) => a.rule === 'aavej-hoej')?.id ?? '';
}

const RULE = {
  name: { da: 'Høj vandstand', en: 'High level' },
  appliesTo: { asset: STATION.id },
  condition: {
    kind: 'threshold',
    quantity: 'waterDepth',
    raise: { op: '>=', limit: { attribute: 'highLevel' } },
    clear: { op: '<=', limit: { attribute: 'highLevel', plus: -0.1 } },
  },
  severity: 'critical',
  outcome: 'alarm',
  to: ['duty'],
  sentence: { da: 'Høj vandstand i {name}: {value} {unit}.', en: 'High level in {name}: {value} {unit}.' },
  enabled: true,
};

async function enterHistory(platform: Platform): Promise<void> {
  const now = Date.now();
  const station: object[] = [];
  const counter: object[] = [];
  for (let hours = DAYS * 24; hours > 1; hours -= 0.25) {
    const time = new Date(now - hours * HOUR).toISOString();
    const waterDepth = Math.round((1 + 0.5 * Math.sin(hours / 3)) * 100) / 100;
    if (hours > GAP.fromHoursAgo || hours < GAP.toHoursAgo) station.push({ time, waterDepth });
    counter.push({ time, vehicleCount: Math.round(40 + 30 * Math.sin((hours / 12) * Math.PI)) });
  }
  const lines = [
    { device: `s-${STATION.id}`, readings: station },
    { device: 's-taeller-1', readings: counter },
  ].flatMap(({ device, readings }) => {
    const parts: string[] = [];
    for (let i = 0; i < readings.length; i += 500)
      parts.push(JSON.stringify({ device, readings: readings.slice(i, i + 500) }));
    return parts;
  });
  const answer = await platform.api<{ errors: unknown[] }>('POST', '/import/readings', `${lines.join('\n')}\n`, {
    headers: { 'content-type': 'application/x-ndjson' },
  });
  if (answer.errors.length > 0) throw new Error(`history was refused: ${JSON.stringify(answer.errors[0])}`);
}
