/** Inputs of the decode benchmark: a thousand devices that send the message of the contract, in the ways that cost differently. */
import { Buffer } from 'node:buffer';
import type { Asset } from '../../../services/model/asset.ts';
import type { Block } from '../../../services/model/block.ts';
import type { Device } from '../../../services/model/device.ts';
import type { Directory } from '../../../services/model/directory.ts';
import { type Uplink, UplinkWriter } from '../../../services/model/uplink.ts';
import { createLogger } from '../../../services/ops/logger.ts';
import { createMetrics } from '../../../services/ops/metrics.ts';
import { PlatformAlerts } from '../../../services/ops/platform-alerts.ts';
import { DirectoryCache } from '../../../services/pipeline/directory-cache.ts';
import type { Slice } from '../../../services/pipeline/stage.ts';
import type { DecodeOptions } from '../../../services/stages/decode/decode.ts';

const DEVICES = 1000;
const BATCH = 8000;
const NOW = Date.UTC(2026, 10, 23, 12);

export interface DecodeCase {
  name: string;
  options: DecodeOptions;
  batches: (n: number) => Slice[];
}

export function decodeCases(): DecodeCase[] {
  const timed = (i: number) =>
    `{"time":"${new Date(NOW + i).toISOString()}","fillingLevel":${(i % 1000) / 10},"batteryVoltage":3.61}`;
  const timeless = (i: number) => `{"fillingLevel":${(i % 1000) / 10},"batteryVoltage":3.61}`;
  const distance = (i: number) => `{"time":"${new Date(NOW + i).toISOString()}","distance":${300 + (i % 1000)}}`;
  const senml = (i: number) =>
    `[{"bn":"urn:dev:mac:0024befffe804ff1:","bt":${(NOW + i) / 1000},"n":"temperature","u":"Cel","v":21.5},{"n":"relativeHumidity","u":"%RH","v":40}]`;
  const session = (i: number) => ({ session: `s${i % DEVICES}`, packetId: i % 65536, connection: 1 });
  return [
    { name: 'object with time', ...inputs(timed) },
    { name: 'object without time, clean session', ...inputs(timeless) },
    { name: 'object without time, persistent session', ...inputs(timeless, session) },
    { name: 'derived filling level', ...inputs(distance) },
    { name: 'SenML', ...inputs(senml) },
    { name: 'malformed', ...inputs(() => '{"fillingLevel":') },
  ];
}

function inputs(
  payload: (i: number) => string,
  more: (i: number) => Partial<Uplink> = () => ({}),
): Omit<DecodeCase, 'name'> {
  const metrics = createMetrics();
  const logger = createLogger('silent');
  const ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
  const series = {
    position: () => Promise.resolve({ seq: 1, offset: 0 }),
    latest: () => Promise.resolve([]),
    points: () => Promise.reject(new Error('not asked')),
  };
  // Bodies are made once, so that the figure is decode's alone; receipt times and offsets go on.
  const bodies = [0, 1, 2, 3].map((b) => body(b * BATCH, payload, more));
  return {
    options: { directory: directory(), series, ops },
    batches: (n) => {
      const block: Block = {
        stream: 'uplinks',
        seq: n + 1,
        first: n * BATCH,
        at: NOW + 60_000,
        count: BATCH,
        body: bodies[n % bodies.length]!, // within the list
      };
      return [{ block, from: 0, to: BATCH }];
    },
  };
}

function body(start: number, payload: (i: number) => string, more: (i: number) => Partial<Uplink>): Buffer {
  const writer = new UplinkWriter();
  for (let i = start; i < start + BATCH; i++) {
    writer.push({
      device: `device-${i % DEVICES}`,
      owner: 'example',
      kind: 'readings',
      door: 'mqtt',
      receivedAt: NOW + 60_000,
      qos: 1,
      dup: false,
      packetId: 0,
      session: '',
      connection: 1,
      identity: '',
      payload: Buffer.from(payload(i)),
      ...more(i),
    });
  }
  return writer.take();
}

function directory(): Directory {
  const ids = Array.from({ length: DEVICES }, (_, i) => i);
  const assets = ids.map(
    (i): Asset => ({
      id: `asset-${i}`,
      owner: 'example',
      operator: 'example',
      type: 'waste-container',
      name: `Asset ${i}`,
      attributes: { emptyDistance: [{ from: 0, value: 1500 }], fullDistance: [{ from: 0, value: 300 }] },
      externalIds: {},
      sharing: 'open',
      tags: [],
      createdAt: 0,
    }),
  );
  const devices = ids.map(
    (i): Device => ({
      id: `device-${i}`,
      owner: 'example',
      model: 'generic-json',
      connection: { kind: 'mqtt' },
      assignments: [{ asset: `asset-${i}`, from: NOW - 1 }],
      registeredAt: NOW - 1,
    }),
  );
  const cache = new DirectoryCache({
    changes: () =>
      Promise.resolve({
        version: 1,
        changed: {
          organisations: [],
          assets,
          devices,
          credentials: [],
          rules: [],
          networkServers: [],
          codecs: [],
          deviceModels: [],
        },
        deleted: [],
      }),
  });
  void cache.refresh();
  return cache;
}
