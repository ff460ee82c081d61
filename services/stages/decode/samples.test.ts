/** The samples of two network servers through decode with the models that ship: each ends as its description says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sessionOf } from '../../model/uplink.ts';
import { DecodeWorld, type Given, lines } from './testing/decode-world.ts';

const WELL = '70b3d57ba0001234';
const BIN = 'a840410000012345';

/** A case folder in test/cases/lorawan. */
function sample(name: string): { topic: string; payload: object } {
  const url = new URL(`../../../test/cases/lorawan/${name}/message.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as { topic: string; payload: object };
}

function world(): { w: DecodeWorld; send(name: string): Promise<Given> } {
  const w = new DecodeWorld();
  w.now = Date.UTC(2026, 2, 9, 8, 0, 1);
  const registeredAt = Date.UTC(2026, 0, 1);
  w.networkServer({ id: 'cs', kind: 'chirpstack' });
  w.networkServer({ id: 'tts', kind: 'tts' });
  w.asset({ id: 'well', type: 'water-level' });
  w.asset({ id: 'bin', type: 'waste-container' });
  const lorawan = (devEui: string) => ({ kind: 'lorawan' as const, devEui });
  w.device({ id: 'w1', asset: 'well', model: 'decentlab-dl-pr26', connection: lorawan(WELL), registeredAt });
  w.device({ id: 'b1', asset: 'bin', model: 'dragino-ldds75', connection: lorawan(BIN), registeredAt });
  const send = (name: string) => {
    const { topic, payload } = sample(name);
    const event = topic.split('/').at(-1) ?? '';
    const [server, device] = name.startsWith('tts') ? (['tts', BIN] as const) : (['cs', WELL] as const);
    return w.send({ device, kind: 'lorawan', door: 'lorawan', session: sessionOf(server, event), payload });
  };
  return { w, send };
}

it('ChirpStack: an uplink, the same again, one decoded there as well, and commands of the network only', async () => {
  const { w, send } = world();
  const first = await send('chirpstack-up');
  expect(lines(first.readings)).toEqual([
    'waterDepth 0', // the cell hangs in the air and says -0.119 m
    'temperature 25.671875',
    'batteryVoltage 3.199',
    'rssi -104',
    'snr -4.2',
  ]);
  expect(new Date(first.readings[0]!.time).toISOString()).toBe('2026-03-09T06:41:17.482Z');
  expect((await send('chirpstack-up-again')).readings).toEqual([]);
  expect(w.counts()).toMatchObject({ decoded: 2, redelivered: 1 });
  // Our own codec reads the bytes, whatever the server's made of them.
  expect(lines((await send('chirpstack-up-with-object')).readings)).toEqual(lines(first.readings));
  const { readings, rejects } = await send('chirpstack-up-of-commands-only');
  expect([readings, rejects]).toEqual([[], []]);
  expect(w.decode.report('w1')).toMatchObject({ lastSeen: w.now });
  expect(w.decode.gateways(w.now).map((g) => [g.id, g.devices.length])).toEqual([
    ['24e124fffef41a01', 1],
    ['24e124fffef41a07', 1],
  ]);
});

it('ChirpStack: join, status and log are shown on the device', async () => {
  const { w, send } = world();
  for (const name of ['chirpstack-join', 'chirpstack-status', 'chirpstack-log'])
    expect((await send(name)).rejects).toEqual([]);
  const radio = w.decode.report('w1')?.radio;
  expect(radio?.joinedAt).toBe(w.now);
  expect(radio?.status).toBeDefined();
  expect(radio?.log).toHaveLength(1);
  expect(w.counts()).toMatchObject({ decoded: 3, rejected: 0 });
});

it('The Things Stack: an uplink, a counter of zero that it leaves out, a join, and a test from its console', async () => {
  const { w, send } = world();
  const expected = ['batteryVoltage 3.338', 'distance 2025', 'temperature 0'];
  const measured = ({ readings }: Given) => lines(readings).filter((l) => !/^(rssi|snr|lostUplinks) /.test(l));
  expect(measured(await send('tts-up')).toSorted()).toEqual(expected);
  expect(measured(await send('tts-up-counter-zero')).toSorted()).toEqual(expected);
  expect((await send('tts-join')).rejects).toEqual([]);
  const test = await send('tts-up-simulated');
  expect(lines(test.readings).toSorted()).toEqual(expected.map((l) => `${l} test history`));
  expect(w.counts()).toMatchObject({ decoded: 4, rejected: 0 });
});
