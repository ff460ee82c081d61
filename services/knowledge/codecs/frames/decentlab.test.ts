/** The framing of Decentlab: settings of the one device, frames of another product, and every group there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foundInFrame } from '../testing/found-in-frame.ts';
import { BATTERY, decentlab, plain } from './decentlab.ts';
import { decentlabLevel } from './decentlab-level.ts';

const codec = (name: string) => decentlabLevel.find((c) => c.name === name)!; // each name is in the table
const pr26 = codec('decentlab-dl-pr26');
const mbx = codec('decentlab-dl-mbx');

const pressure = (frame: string, variables: Record<string, string>): unknown => {
  const [record] = foundInFrame(pr26, frame, variables);
  return typeof record === 'object' ? record.values.pressure : record;
};

describe('settings of a device', () => {
  const half = '0201670003 8000 6017 0c7f';

  it('its range, where a tag says it', () => {
    expect(pressure(half, {})).toBe(0.5);
    expect(pressure(half, { pressureMax: '3' })).toBe(1.5);
    expect(pressure(half, { pressureMin: '-1', pressureMax: '2' })).toBe(0.5);
  });

  it('a tag that is no number is as none', () => {
    expect(pressure(half, { pressureMax: 'three' })).toBe(0.5);
    expect(pressure(half, Object.create({ pressureMax: '3' }) as Record<string, string>)).toBe(0.5);
  });
});

describe('a frame', () => {
  it('without an echo has no distance', () => {
    expect(foundInFrame(mbx, '02012f0003 1234 0000 0bb1')).toEqual([
      { values: { validSamples: 0, batteryVoltage: 2.993 } },
    ]);
  });

  it('of another version, or whose flags, groups and bytes do not fit, is rejected', () => {
    for (const wrong of [
      '',
      '02012f00',
      '01012f0003 04d2 0001 0bb1', // version 1
      '02012f0003 04d2 0001', // no battery
      '02012f0003 04d2 0001 0bb1 0000', // two bytes more
      '02012f0007 04d2 0001 0bb1 0000', // a third group
      '02012f0004 0000', // a third group alone
    ])
      expect(foundInFrame(mbx, wrong).at(-1), wrong).toBe('codec-failed');
  });

  it('without groups measures nothing', () => {
    expect(foundInFrame(mbx, '02012f0000')).toEqual([]);
  });
});

it('gives the groups that its flags name, in the order of the flags', () => {
  const words = fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(words, fc.boolean()), { minLength: 1, maxLength: 15 }), (groups) => {
      const table = groups.map(([x], g) => ({ words: x.length, values: x.map((_, w) => plain(`g${g}w${w}`, w)) }));
      const flags = groups.reduce((sum, [, sent], g) => (sent ? sum | (1 << g) : sum), 0);
      const sent = groups.flatMap(([x, s]) => (s ? x : []));
      const bytes = [2, 0, 1, flags >> 8, flags & 0xff, ...sent.flatMap((x) => [x >> 8, x & 0xff])];
      const values = Object.fromEntries(groups.flatMap(([x, s], g) => (s ? x.map((v, w) => [`g${g}w${w}`, v]) : [])));
      const found = foundInFrame(decentlab('test', table), Uint8Array.from(bytes));
      expect(found).toEqual(sent.length === 0 ? [] : [{ values }]);
    }),
  );
});

it('tells the battery in volts', () => {
  expect(foundInFrame(decentlab('test', [BATTERY]), '02012f0001 0bb1')).toEqual([
    { values: { batteryVoltage: 2.993 } },
  ]);
});
