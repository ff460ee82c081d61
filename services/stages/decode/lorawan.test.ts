/** Messages of network servers through the whole stage: what becomes of each event, of gaps, of strangers and of replays. */
import { describe, expect, it } from 'vitest';
import type { CodecAnswer, CodecRunner } from '../../model/codec.ts';
import { sessionOf } from '../../model/uplink.ts';
import { DecodeWorld, HOUR, lines, NOW } from './testing/decode-world.ts';

const EUI = '24e124136b502217';

interface Up {
  fCnt?: number;
  fPort?: number;
  data?: string;
  object?: unknown;
  id?: string;
  devEui?: string;
  devAddr?: string;
  rxInfo?: object[];
}

let ids = 0;
const up = ({ fCnt = 1, fPort = 85, data = '', object, id = `dedup-${++ids}`, devEui = EUI, ...rest }: Up = {}) => ({
  device: devEui,
  kind: 'lorawan' as const,
  door: 'lorawan' as const,
  session: sessionOf('cs', 'up'),
  payload: {
    deduplicationId: id,
    time: new Date(NOW - 1000).toISOString(),
    deviceInfo: { devEui, deviceName: 'Sensor', applicationName: 'bins', tags: {} },
    devAddr: '01a4c7f2',
    fCnt,
    fPort,
    data,
    object,
    rxInfo: [{ gatewayId: '24e124fffef41a01', rssi: -104, snr: -4.2 }],
    txInfo: {},
    ...rest,
  },
});
const event = (name: string, payload: object) => ({
  device: EUI,
  kind: 'lorawan' as const,
  door: 'lorawan' as const,
  session: sessionOf('cs', name),
  payload: {
    deduplicationId: `dedup-${++ids}`,
    time: new Date(NOW).toISOString(),
    deviceInfo: { devEui: EUI },
    ...payload,
  },
});

function world(runner?: Partial<CodecRunner>): DecodeWorld {
  const w = new DecodeWorld(runner ? { codecs: runner as CodecRunner } : {});
  w.networkServer({ id: 'cs' });
  w.asset({ id: 'a', type: 'waste-container' });
  w.device({ id: 'd', asset: 'a', model: 'generic-json', connection: { kind: 'lorawan', devEui: EUI } });
  return w;
}
const object = { fillingLevel: 40 };

describe('messages of network servers', () => {
  it('a frame decoded by the server, and what the radio says', async () => {
    const w = world();
    const { readings, rejects } = await w.send(up({ object, data: 'AQ==' }));
    expect(rejects).toEqual([]);
    expect(lines(readings)).toEqual(['fillingLevel 40', 'rssi -104', 'snr -4.2']);
    expect(readings[0]!.time).toBe(NOW - 1000);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, values: 3 });
    expect(w.decode.report('d')?.radio).toMatchObject({ networkServer: 'cs', frameCounter: 1 });
    expect(w.decode.gateways(NOW)).toMatchObject([
      { id: '24e124fffef41a01', owner: 'skovby', lastSeen: NOW, devices: [{ device: 'd', alone: true, rssi: -104 }] },
    ]);
  });

  it('once is once by deduplicationId, over a restart too', async () => {
    const w = world();
    await w.send(up({ object, id: 'x', data: 'AQ==' }));
    await w.restart();
    expect((await w.send(up({ object, id: 'x', data: 'AQ==' }))).readings).toEqual([]);
    expect(w.counts()).toMatchObject({ decoded: 2, redelivered: 1 });
  });

  it('commands of the network alone are heard and measure nothing', async () => {
    const w = world();
    const { readings, rejects } = await w.send(up({ fPort: 0 }));
    expect([readings, rejects]).toEqual([[], []]);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0 });
    expect(w.decode.report('d')?.lastSeen).toBe(NOW);
  });

  it('gaps in the frame counter are lost uplinks; stragglers, new sessions and counters that begin anew are none', async () => {
    const w = world();
    const lost = async (fCnt: number, devAddr = '01a4c7f2') => {
      const { readings } = await w.send(up({ fCnt, devAddr, object, data: 'AQ==' }));
      return readings.find((r) => r.quantity === 'lostUplinks')?.value ?? 0;
    };
    expect(await lost(10)).toBe(0);
    expect(await lost(11)).toBe(0);
    expect(await lost(15)).toBe(3);
    await w.restart();
    expect(await lost(17)).toBe(1);
    expect(await lost(16)).toBe(0); // came late by another way
    expect(await lost(18)).toBe(0);
    await w.send(up({ fCnt: 21, fPort: 0 })); // commands of the network: no reading, so the next one tells
    expect(await lost(22)).toBe(2);
    expect(await lost(0)).toBe(0); // began anew
    expect(await lost(5, '01ffffff')).toBe(0); // another session
    expect(await lost(6, '01ffffff')).toBe(0);
  });

  it('join, status, log, location and acks are remembered of the device', async () => {
    const w = world();
    const { readings, rejects } = await w.send(
      event('join', { devAddr: '01' }),
      event('status', { margin: 7, externalPowerSource: false, batteryLevelUnavailable: false, batteryLevel: 88.5 }),
      event('log', { level: 'ERROR', code: 'UPLINK_CODEC', description: 'it threw' }),
      event('location', { location: { latitude: 56.1, longitude: 9.2, source: 'GPS' } }),
      event('ack', { queueItemId: 'q', acknowledged: true, fCntDown: 3 }),
    );
    expect(rejects).toEqual([]);
    expect(lines(readings)).toEqual(['batteryLevel 88.5']);
    expect(w.counts()).toMatchObject({ decoded: 5 });
    expect(w.decode.report('d')?.radio).toMatchObject({
      joinedAt: NOW,
      status: { margin: 7, battery: 88.5, external: false },
      location: { latitude: 56.1, longitude: 9.2 },
      log: [{ level: 'ERROR', code: 'UPLINK_CODEC', text: 'it threw' }],
    });
  });

  it('a downlink that the server discarded has failed', async () => {
    const w = world();
    const why = 'Device queue-item discarded because it has expired';
    const context = { queue_item_id: 'q' };
    await w.send(event('log', { level: 'ERROR', code: 'EXPIRED', description: why, context }));
    expect(w.decode.report('d')?.radio?.downlinks).toEqual([{ id: 'q', at: NOW, state: 'failed', detail: why }]);
  });

  it('a stranger is rejected, and read again once it is registered', async () => {
    const w = world();
    const eui = '24e124136b502299';
    const { rejects, readings } = await w.send(up({ devEui: eui, object, data: 'AQ==' }));
    expect(readings).toEqual([]);
    expect(rejects).toMatchObject([{ reason: 'unknown-device', device: eui, owner: 'skovby' }]);
    w.device({ id: 'new', asset: 'a', connection: { kind: 'lorawan', devEui: eui.toUpperCase() } });
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(again.settled).toEqual([0]);
    expect(lines(again.readings)).toEqual(['fillingLevel 40', 'rssi -104', 'snr -4.2']);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, values: 3 });
  });

  it('the join of a stranger shows that it is there, and is settled without a reading', async () => {
    const w = world();
    const eui = '24e124136b5022aa';
    const join = { ...event('join', { deviceInfo: { devEui: eui } }), device: eui };
    const { rejects } = await w.send(join);
    expect(rejects).toMatchObject([{ reason: 'unknown-device' }]);
    w.device({ id: 'new', asset: 'a', connection: { kind: 'lorawan', devEui: eui } });
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(again.settled).toEqual([0]);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, values: 0 });
  });

  it("a network server speaks for its owner's devices only, and for those that name it", async () => {
    const w = world();
    w.networkServer({ id: 'theirs', owner: 'andeby' });
    const foreign = { ...up({ object, data: 'AQ==' }), session: sessionOf('theirs', 'up'), owner: 'andeby' };
    expect((await w.send(foreign)).rejects).toMatchObject([{ reason: 'unknown-device' }]);
    w.device({ id: 'd', asset: 'a', connection: { kind: 'lorawan', devEui: EUI, networkServer: 'theirs' } });
    // Naming somebody else's network server is not enough: that one must serve us.
    expect((await w.send({ ...foreign, payload: up({ object, data: 'AQ==' }).payload })).rejects).toHaveLength(1);
    w.networkServer({ id: 'theirs', owner: 'andeby', serves: ['skovby'] });
    await w.directory.refresh();
    expect((await w.send({ ...foreign, payload: up({ object, data: 'AQ==' }).payload })).rejects).toEqual([]);
    const own = { ...up({ object, data: 'AQ==' }), session: sessionOf('cs', 'up') };
    await w.directory.refresh();
    expect((await w.send(own)).rejects).toMatchObject([{ reason: 'unknown-device' }]);
  });

  it('a message that cannot be read is rejected as such, and one of a server that is gone too', async () => {
    const w = world();
    const { rejects } = await w.send(
      { ...up(), payload: '{"deduplicationId":' },
      { ...up(), session: sessionOf('gone', 'up') },
    );
    expect(rejects.map((r) => r.reason)).toEqual(['malformed-message', 'malformed-message']);
  });

  it('what is tried in the console of The Things Stack is seen, and never by rules', async () => {
    const w = world();
    w.networkServer({ id: 'tts', kind: 'tts' });
    const payload = {
      end_device_ids: { device_id: 'x', application_ids: { application_id: 'a' }, dev_eui: EUI.toUpperCase() },
      received_at: new Date(NOW).toISOString(),
      uplink_message: { f_port: 2, frm_payload: 'AQ==', decoded_payload: object, rx_metadata: [], settings: {} },
      simulated: true,
    };
    const { readings } = await w.send({ ...up(), session: sessionOf('tts', 'up'), payload });
    expect(lines(readings)).toEqual(['fillingLevel 40 test history']);
  });
});

describe('frames for a script', () => {
  const scripted = (runner: Partial<CodecRunner>) => {
    const w = world(runner);
    w.codec({ id: 'theirs', script: 'function decodeUplink() {}' });
    w.model({ id: 'bin-x', codec: 'script:theirs', mapping: { level_cm: { quantity: 'distance', factor: 10 } } });
    w.asset({ id: 'a', type: 'waste-container', attributes: { containerHeight: [{ from: 0, value: 1500 }] } });
    w.device({ id: 'd', asset: 'a', model: 'bin-x', connection: { kind: 'lorawan', devEui: EUI } });
    return w;
  };

  it('are read by it, all of a batch in one call, with the attributes of the asset', async () => {
    const calls: number[] = [];
    const w = scripted({
      decode: (jobs) => {
        calls.push(jobs.length);
        expect(jobs[0]!.frame.variables).toMatchObject({ containerHeight: '1500' });
        return Promise.resolve(
          jobs.map(({ frame }) => ({
            kind: 'decoded',
            data: [{ level_cm: frame.bytes[0] }, { time: new Date(NOW - HOUR).toISOString(), level_cm: 99 }],
            warnings: [],
            cpuMs: 1,
          })),
        );
      },
    });
    const { readings } = await w.send(up({ data: 'Mg==', rxInfo: [] }), up({ data: 'Mw==', rxInfo: [], fCnt: 2 }));
    expect(calls).toEqual([2]);
    expect(readings.filter((r) => r.quantity === 'distance').map((r) => [r.value, r.time])).toEqual([
      [500, NOW - 1000],
      [990, NOW - HOUR],
      [510, NOW - 1000],
      [990, NOW - HOUR],
    ]);
  });

  it.each([
    [{ kind: 'failed', errors: ['RangeError: out of bounds'], cpuMs: 1 } satisfies CodecAnswer, 'codec-failed'],
    [{ kind: 'set-aside', until: NOW } satisfies CodecAnswer, 'codec-set-aside'],
  ])('%o is a reject with its reason', async (answer: CodecAnswer, reason: string) => {
    const w = scripted({ decode: (jobs) => Promise.resolve(jobs.map(() => answer)) });
    const { readings, rejects } = await w.send(up({ data: 'Mg==' }));
    expect(readings).toEqual([]);
    expect(rejects).toMatchObject([{ reason }]);
  });

  it('a sandbox that is away holds the batch up and loses nothing', async () => {
    const w = scripted({ decode: () => Promise.reject(new Error('gone')) });
    await expect(w.send(up({ data: 'Mg==' }))).rejects.toThrow('the sandbox of the codecs does not answer');
  });

  it('also those that a device sends over MQTT itself', async () => {
    const w = scripted({
      decode: (jobs) =>
        Promise.resolve(
          jobs.map(({ frame }) => ({ kind: 'decoded', data: { level_cm: frame.bytes[1] }, warnings: [], cpuMs: 1 })),
        ),
    });
    const { readings } = await w.send({ payload: new Uint8Array([1, 7]) });
    expect(lines(readings)[0]).toBe('distance 70');
  });
});
