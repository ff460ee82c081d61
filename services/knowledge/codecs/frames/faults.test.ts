/** What a frame cannot give is told beside what it can; what cannot be read at all is refused, with words for a person. */
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../../model/errors.ts';
import { catalogue } from '../../catalogue/catalogue.ts';
import { type ModelReadings, modelReadings } from './testing/model-readings.ts';

function read(model: string, fPort: number, bytesHex: string): ModelReadings {
  const found = catalogue.deviceModel(model);
  if (!found) throw new Error(`no model ${model}`);
  return modelReadings(found, { bytesHex, fPort });
}

function refusal(model: string, fPort: number, bytesHex: string): string {
  try {
    read(model, fPort, bytesHex);
  } catch (error) {
    if (error instanceof Rejected) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

describe('kept, and told', () => {
  it.each([
    ['a report of a type that is not known', 'sensative-strips-comfort', 1, 'ffff0200d76300', { temperature: 21.5 }],
    ['an item that is not known', 'tektelic-smart-room', 10, '036700fb7777', { temperature: 25.1 }],
    [
      'older samples without a time',
      'adeunis-comfort',
      1,
      '4c2000d72d00d62e',
      { temperature: 21.5, relativeHumidity: 45 },
    ],
    ['older samples of one sensor', 'adeunis-temp', 1, '572000e600e5', { temperature: 23 }],
    ['a channel out of order', 'keller-adt1', 1, '010900117fc000003f800000', { temperature: 1 }],
    [
      'a radar without an echo',
      'vega-vegapuls-air-41',
      1,
      '087fc000002d2401042009',
      { batteryLevel: 36, temperature: 26, tiltAngle: 9 },
    ],
    [
      'a meter that does not feel the pipe',
      'quandify-cubicmeter',
      1,
      '49fbdf010080de1400000000000046eddf0106fc8b0702e2e6535455',
      { waterLeak: 'dry' },
    ],
  ] as const)('%s', (_, model, fPort, bytesHex, kept) => {
    const { readings, bad } = read(model, fPort, bytesHex);
    expect(readings.now).toMatchObject(kept);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatch(/^(codec-failed|invalid-value): .{20}/);
  });
});

describe('refused', () => {
  it.each([
    ['cut short', 'dragino-lse01', 2, 'ce2900f107', 'the frame ends after 5 bytes, byte 5 is needed'],
    [
      'a work mode that measures something else',
      'dragino-lsn50v2',
      2,
      '0e41008200001400340000',
      'work mode 6 is not read',
    ],
    ['a port that is none of its', 'dragino-lht52', 9, '08cd0220f5c60161cd4edd', 'reads no frames of port 9'],
    ['a batch', 'nke-watteco-triphaso', 125, '3606001146b300005c51b1', 'batches of reports are not read'],
    ['another product', 'netvox-r712', 6, '0103012406701a9e000000', 'device type 3 is not read'],
    ['a code that is not known', 'adeunis-temp', 1, '6620', 'frames with code 66 are not read'],
    ['a unit that is no length', 'vega-vegapuls-air-41', 1, '083fa31f15202401042009', 'unit 32 is no length'],
    ['neither form of the frame', 'dingtek-df702', 3, '8000010212032000f6015a10100002008181', 'none of 17 or 25'],
    ['the first report unknown', 'sensative-strips-guard', 1, 'ffff6300', 'report type 99'],
  ] as const)('%s', (_, model, fPort, bytesHex, words) => {
    expect(refusal(model, fPort, bytesHex)).toContain('codec-failed: ');
    expect(refusal(model, fPort, bytesHex)).toContain(words);
  });
});

it('a message about the device itself is no fault and has no values', () => {
  for (const [model, fPort, bytesHex] of [
    ['netvox-r712', 7, '84de000000000000000000'],
    ['tektelic-smart-room', 100, '20'],
    ['browan-tbdw100', 204, '00100e'],
    ['sensative-strips-guard', 11, '0300'],
  ] as const)
    expect(read(model, fPort, bytesHex)).toEqual({ readings: {}, keys: {}, bad: [] });
});

it("the vendor's own example of a Keller: what the water weighs is the pressure less that of the air", () => {
  const { keys } = read('keller-adt1', 1, '010500d3bf6042593dbc29fc41a8d9003f77c7a441b80000');
  expect(keys).toMatchObject({ tBaro: 23 });
  expect(Number(keys.p1) - Number(keys.pBaro)).toBeCloseTo(Number(keys.pd), 3);
});
