/** Reading stored frames again through a new version: values anew, values taken back, progress, cancel, and going on after a restart. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CodecRunner } from '../../model/codec.ts';
import { sessionOf } from '../../model/uplink.ts';
import { DecodeWorld, type Given, HOUR, lines, NOW } from './testing/decode-world.ts';

/** A script here is the JSON of what to make of the first byte: its members times the byte. */
const runner: Pick<CodecRunner, 'decode'> = {
  decode: (jobs) =>
    Promise.resolve(
      jobs.map(({ script, frame }) => {
        const factors = Object.entries(JSON.parse(script.script) as Record<string, number>);
        const byte = frame.bytes[0] ?? 0;
        if (byte === 255) return { kind: 'failed', errors: ['no such frame'], cpuMs: 0 };
        return {
          kind: 'decoded',
          data: { time: NOW - HOUR + byte, ...Object.fromEntries(factors.map(([k, f]) => [k, f * byte])) },
          warnings: [],
          cpuMs: 0,
        };
      }),
    ),
};

const EUI_D = '24e124136b502217';
const EUI_E = '24e124136b502218';

function up(devEui: string, byte: number) {
  const payload = {
    deduplicationId: `${devEui}-${byte}`,
    time: new Date(NOW).toISOString(),
    deviceInfo: { devEui },
    devAddr: '01',
    fCnt: byte,
    fPort: 1,
    data: Buffer.from([byte]).toString('base64'),
    rxInfo: [],
    txInfo: {},
  };
  return { device: devEui, kind: 'lorawan', door: 'lorawan', session: sessionOf('cs', 'up'), payload } as const;
}

describe('re-decoding', () => {
  let w: DecodeWorld;
  let answers: CodecRunner['decode'];
  beforeEach(async () => {
    answers = runner.decode;
    w = new DecodeWorld({ codecs: { decode: (jobs) => answers(jobs) } as CodecRunner });
    w.asset({ id: 'a', type: 'water-level' });
    w.asset({ id: 'b', type: 'water-level' });
    w.codec({ id: 'c', script: '{"temperature":1,"distance":10}', version: 1 });
    w.model({ id: 'm', codec: 'script:c' });
    w.networkServer({ id: 'cs' });
    w.device({ id: 'd', asset: 'a', model: 'm', connection: { kind: 'lorawan', devEui: EUI_D } });
    w.device({ id: 'e', asset: 'b', model: 'm', connection: { kind: 'lorawan', devEui: EUI_E } });
    await w.directory.refresh();
    for (const byte of [1, 2, 255]) await w.send(up(EUI_D, byte));
    await w.send(up(EUI_E, 4));
    // A device's own bytes carry no time: they are left as they are.
    w.device({ id: 'f', asset: 'c', model: 'm' });
    w.asset({ id: 'c', type: 'water-level' });
    await w.directory.refresh();
    await w.send({ device: 'f', payload: new Uint8Array([7]) });
    w.codec({ id: 'c', script: '{"temperature":2}', version: 2 });
    await w.directory.refresh();
  });
  const order = { kind: 'redecode', id: 'job', codec: 'c', from: 0, to: NOW + HOUR } as const;
  const rows = (given: Given[]) => given.flatMap((g) => lines(g.readings));
  const taken = (given: Given[]) =>
    given.flatMap((g) => g.retractions.map((r) => `${r.asset} ${r.quantity} ${r.uplink}`));

  it('gives each value anew as history and takes back what is not given any more', async () => {
    const before = w.counts()!;
    const given = [await w.order(order), ...(await w.workAll())];
    expect(rows(given)).toEqual(['temperature 2 history', 'temperature 4 history', 'temperature 8 history']);
    expect(taken(given)).toEqual(['a distance 0', 'a distance 1', 'b distance 3']);
    expect(given.flatMap((g) => g.readings.map((r) => r.revision)).every((r) => r > 1000)).toBe(true);
    expect(w.decode.redecodes('c')).toMatchObject([
      { id: 'job', state: 'done', read: 3, values: 3, retracted: 3, failed: 0 },
    ]);
    const { decoded, rejected } = w.counts()!;
    expect({ decoded, rejected }).toEqual({ decoded: before.decoded, rejected: before.rejected });
  });

  it('leaves what was rejected then to be tried again as a reject', async () => {
    const given = [await w.order(order), ...(await w.workAll())];
    expect(given.flatMap((g) => g.readings).some((r) => r.uplink === 2)).toBe(false);
  });

  it('only what was received in the period, and only of the devices named', async () => {
    const given = [await w.order({ ...order, devices: ['e'] }), ...(await w.workAll())];
    expect(rows(given)).toEqual(['temperature 8 history']);
    const none = [await w.order({ ...order, id: 'none', to: NOW }), ...(await w.workAll())];
    expect(rows(none)).toEqual([]);
  });

  it('what the new version cannot read stays as it was', async () => {
    w.codec({ id: 'c', script: '{"colour":1}', version: 3 });
    await w.directory.refresh();
    const given = [await w.order(order), ...(await w.workAll())];
    expect([rows(given), taken(given)]).toEqual([[], []]);
    expect(w.decode.redecodes('c')).toMatchObject([{ state: 'done', failed: 3 }]);
  });

  it('goes on after a restart where it stood, and the same order again is the same job', async () => {
    const first = await w.order(order);
    await w.restart();
    await w.directory.refresh();
    const rest = await w.workAll();
    expect(rows([first, ...rest])).toHaveLength(3);
    await w.order(order);
    expect(w.decode.redecodes('c')).toHaveLength(1);
  });

  it('waits while a codec is set aside, and then goes on where it stood', async () => {
    let aside = true;
    const asides: CodecRunner['decode'] = (jobs) =>
      aside ? Promise.resolve(jobs.map(() => ({ kind: 'set-aside', until: 0 }))) : runner.decode(jobs);
    answers = asides;
    const first = [await w.order(order), ...(await w.workAll())];
    expect(rows(first)).toEqual([]);
    expect(w.decode.redecodes('c')).toMatchObject([{ state: 'running', looked: 0, failed: 0 }]);
    aside = false;
    await w.restart(); // the pause is forgotten with the process
    await w.directory.refresh();
    expect(rows(await w.workAll())).toHaveLength(3);
  });

  it('can be cancelled', async () => {
    await w.handle([{ block: w.orders(order, { kind: 'redecode-cancel', id: 'job' }), from: 0, to: 2 }]);
    expect(await w.workAll()).toEqual([]);
    expect(w.decode.redecodes('c')).toMatchObject([{ state: 'cancelled', read: 0 }]);
  });
});
