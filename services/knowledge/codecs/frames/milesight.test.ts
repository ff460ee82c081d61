/** The framing of Milesight: what is kept of a frame that is not quite as the table has it, and every row there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foundInFrame } from '../testing/found-in-frame.ts';
import type { Field, FieldType } from './field.ts';
import { type MilesightChannel, milesight } from './milesight.ts';
import { milesightEm } from './milesight-em.ts';
import { milesightUc } from './milesight-uc.ts';
import { milesightWs } from './milesight-ws.ts';

const codec = (name: string) => [...milesightEm, ...milesightUc, ...milesightWs].find((c) => c.name === name)!; // each name is in a table
const th = codec('milesight-em300-th');
const RECORD = 1_665_561_758_000;

describe('a frame', () => {
  it('of the start, or an answer to a setting, measures nothing and is no fault', () => {
    expect(foundInFrame(th, 'ff0bff ff0101 ff166136c40091605408 ff090300 ff0a0101 ff0f00')).toEqual([]);
    for (const answer of ['fe03b004', 'fe10ff', 'f9660001']) expect(foundInFrame(th, answer)).toEqual([]);
    expect(foundInFrame(th, '')).toEqual([]);
  });

  it('keeps what was read before a channel that is unknown, and tells of the rest', () => {
    expect(foundInFrame(th, '03673401 7b7b0102 046865')).toEqual([
      { values: { temperature: 30.8 } },
      'bad codec-failed: channel 7b7b at byte 4 is unknown; 7 bytes were not read',
    ]);
    expect(foundInFrame(th, '7b7b0102')).toEqual([expect.stringContaining('channel 7b7b at byte 0')]);
  });

  it('may be padded with zeros', () => {
    expect(foundInFrame(codec('milesight-ct101'), '0498b80b 00000000')).toEqual([{ values: { current: 30 } }]);
  });

  it('that ends too early is rejected', () => {
    for (const cut of ['03', '0367', '036734', '20ce9e7446631001', '03673401 04'])
      expect(foundInFrame(th, cut).at(-1)).toBe('codec-failed');
  });

  it('has records between the values of now', () => {
    expect(foundInFrame(th, '01755c 20ce9e74466310015d00 20ce9f74466310015d00 03673401')).toEqual([
      { values: { batteryLevel: 92 } },
      { time: RECORD, values: { temperature: 27.2, relativeHumidity: 46.5 } },
      { time: RECORD + 1000, values: { temperature: 27.2, relativeHumidity: 46.5 } },
      { values: { temperature: 30.8 } },
    ]);
  });
});

describe('values that are none', () => {
  it('a current that could not be measured is a bad item beside the others', () => {
    expect(foundInFrame(codec('milesight-ct101'), '0498ffff 0967fa00')).toEqual([
      'bad invalid-value: current: the device says that it could not measure it',
      { values: { temperature: 25 } },
    ]);
  });

  it('a mean of sound is A, C or unweighted, and nothing else', () => {
    const sound = codec('milesight-ws302');
    expect(foundInFrame(sound, '055b 06 2c01 2201 9001')).toEqual([{ values: { lceq: 29 } }]);
    expect(foundInFrame(sound, '055b 04 2c01 2201 9001')).toEqual([{ values: { lzeq: 29 } }]);
    expect(foundInFrame(sound, '055b 07 2c01 2201 9001 01755c')).toEqual([
      expect.stringContaining('weighting'),
      { values: { batteryLevel: 92 } },
    ]);
  });
});

describe('Modbus behind a UC300', () => {
  const uc300 = codec('milesight-uc300');

  it.each([
    ['ff19 01 02 02 0b00', { modbus1: 11 }],
    ['ff19 02 02 83 feff', { modbus2: -2 }],
    ['ff19 03 04 05 0000c03f', { modbus3: 1.5 }],
    ['ff19 04 04 84 feffffff', { modbus4: -2 }],
    ['ff19 05 01 00 01', { modbus5: 1 }],
  ])('%s', (frame, values) => {
    expect(foundInFrame(uc300, frame)).toEqual([{ values }]);
  });

  it('a value of another size than its type, or that could not be read, is passed over', () => {
    expect(foundInFrame(uc300, 'ff19 01 04 02 0b000000 ff15 02 030001')).toEqual([
      'bad codec-failed: Modbus channel 1: type 2 in 4 bytes is unknown',
      'bad invalid-value: modbus2: the device says that it could not read it',
      { values: { input1: 1 } },
    ]);
    expect(foundInFrame(uc300, 'ff19 01 09 02 0b00')).toEqual(['codec-failed']);
  });
});

/** The largest and smallest count of a type, and how to write one. */
const WRITE: Record<Exclude<FieldType, 'i24' | 'f16' | 'f32'>, { bytes: number; min: number }> = {
  u8: { bytes: 1, min: 0 },
  i8: { bytes: 1, min: -(2 ** 7) },
  u16: { bytes: 2, min: 0 },
  i16: { bytes: 2, min: -(2 ** 15) },
  u32: { bytes: 4, min: 0 },
  i32: { bytes: 4, min: -(2 ** 31) },
};

const types = fc.constantFrom(...(Object.keys(WRITE) as (keyof typeof WRITE)[])); // its own keys

it('a row reads back what was written by it, whatever its fields', () => {
  const cell = fc.record({
    type: types,
    per: fc.constantFrom(1, 2, 10, 100, 1000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const cells = fc.array(cell, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(cells, fc.boolean(), fc.nat(2 ** 32 - 1), (drawn, history, seconds) => {
      const fields: Field[] = drawn.map(({ type, per }, i) => ({ key: `k${i}`, type, per }));
      const channel: MilesightChannel = { id: 0x1234, fields, history };
      const bytes: number[] = [0x12, 0x34];
      const write = (count: number, width: number): void => {
        for (let b = 0; b < width; b++)
          bytes.push(Math.floor((count < 0 ? count + 2 ** (8 * width) : count) / 2 ** (8 * b)) % 256);
      };
      if (history) write(seconds, 4);
      const values: Record<string, number> = {};
      for (const [i, { type, per, part }] of drawn.entries()) {
        const { bytes: width, min } = WRITE[type];
        const count = min + Math.floor(part * (2 ** (8 * width) - 1));
        write(count, width);
        values[`k${i}`] = count / per;
      }
      const found = foundInFrame(milesight('test', [channel]), Uint8Array.from(bytes));
      expect(found).toEqual([history ? { time: seconds * 1000, values } : { values }]);
    }),
  );
});
