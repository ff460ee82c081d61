/** Every folder of cases/decode is a case: a directory, the uplinks received, the readings and rejects expected of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Asset } from '../../services/model/asset.ts';
import type { Device } from '../../services/model/device.ts';
import { formatTime, parseTime } from '../../services/model/time.ts';
import type { Uplink } from '../../services/model/uplink.ts';
import { DecodeWorld } from '../../services/stages/decode/testing/decode-world.ts';

interface CaseDirectory {
  assets: (Partial<Asset> & { id: string })[];
  devices: (Partial<Omit<Device, 'registeredAt'>> & { id: string; asset: string; registered?: string })[];
}

/** `payload` is JSON, `text` a payload as it is, `base64` its bytes. */
type CaseUplink = Partial<
  Pick<Uplink, 'device' | 'kind' | 'door' | 'qos' | 'dup' | 'packetId' | 'session' | 'connection' | 'identity'>
> & {
  received: string;
  payload?: unknown;
  text?: string;
  base64?: string;
};

interface Expected {
  /** `asset quantity time value marks…`, in the order of the stream. */
  readings: string[];
  /** `uplink reason`, and `partial` where it is. */
  rejects: string[];
  /** Where the case is about them. */
  counts?: Record<string, number>;
}

const folder = new URL('./decode/', import.meta.url);
const cases = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory());

function load<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8')) as T; // the shape is this suite's own
}

const ms = (text: string): number => parseTime(text) ?? Number.NaN;

describe.each(cases.map((e) => e.name))('decode case: %s', (name) => {
  it('gives what is expected', async () => {
    const world = new DecodeWorld();
    const { assets, devices } = load<CaseDirectory>(name, 'directory.json');
    for (const asset of assets) world.asset(asset);
    for (const { registered, ...device } of devices)
      world.device({ ...device, ...(registered && { registeredAt: ms(registered) }) });
    const uplinks = load<CaseUplink[]>(name, 'uplinks.json');
    const { readings, rejects } = await world.send(
      ...uplinks.map(({ received, text, base64, payload, ...u }) => ({
        ...u,
        receivedAt: ms(received),
        payload: base64 === undefined ? (text ?? payload) : Buffer.from(base64, 'base64'),
      })),
    );
    const expected = load<Expected>(name, 'expected.json');
    const shown = readings.map((r) =>
      [r.asset, r.quantity, formatTime(r.time), Number(r.value.toPrecision(9)), ...r.marks].join(' '),
    );
    expect(shown).toEqual(expected.readings);
    expect(rejects.map((r) => `${r.uplink} ${r.reason}${r.partial ? ' partial' : ''}`)).toEqual(expected.rejects);
    if (expected.counts) expect(world.counts()).toMatchObject(expected.counts);
  });
});
