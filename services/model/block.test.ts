import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, Corrupt, decodeBlock, encodeBlock, FORMAT, HEADER_BYTES } from './block.ts';
import { readJsonBlock } from './json-block.ts';
import { decodeReadings, encodeReadings } from './readings.ts';
import { STREAM_NAMES } from './streams.ts';
import { readUplinks, UplinkWriter } from './uplink.ts';

const CASES = join(import.meta.dirname, '../../test/cases/blocks');
const formats = readdirSync(CASES).map((name) => Number(/^format-(\d+)$/.exec(name)?.[1]));

function recordsOf(block: Block): unknown {
  if (block.stream === 'readings') return decodeReadings(block.body);
  if (block.stream !== 'uplinks') return readJsonBlock(block);
  return readUplinks(block.body, 0, block.count).map((uplink) => ({
    ...uplink,
    payload: Buffer.from(uplink.payload).toString('hex'),
  }));
}

/** Everything a block says, as the JSON beside the bytes says it. */
function told(block: Block): unknown {
  const { body, ...head } = block;
  const plain = (_key: string, value: unknown) =>
    value instanceof Float64Array ||
    value instanceof Uint32Array ||
    value instanceof Uint16Array ||
    value instanceof Uint8Array
      ? [...value]
      : value;
  return JSON.parse(JSON.stringify({ ...head, records: recordsOf({ ...head, body }) }, plain));
}

function cases(format: number): { name: string; bytes: Buffer; expected: unknown }[] {
  const folder = join(CASES, `format-${format}`);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.hex'))
    .map((file) => {
      const name = file.slice(0, -4);
      const hex = readFileSync(join(folder, file), 'utf8').replace(/\s/g, '');
      return {
        name,
        bytes: Buffer.from(hex, 'hex'),
        expected: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
      };
    });
}

const sample = () => encodeBlock({ stream: 'acts', at: 1_764_000_000_000, count: 1, body: Buffer.from('["x"]') }, 7);

describe('semantics: Records evolve', () => {
  test('there are golden bytes of every format', () => {
    expect(formats.toSorted()).toEqual(Array.from({ length: FORMAT }, (_, i) => i + 1));
  });

  describe.each(formats.filter((format) => format >= FORMAT - 1))('format %i, which this version reads', (format) => {
    test.each(cases(format))('$name', ({ bytes, expected }) => {
      expect(told(decodeBlock(bytes, 42))).toEqual(expected);
    });
  });

  test.each(cases(FORMAT))('this version still writes $name byte by byte', ({ bytes }) => {
    const { first, ...block } = decodeBlock(bytes, 42);
    expect(encodeBlock(block, first).toString('hex')).toBe(bytes.toString('hex'));
    if (block.stream === 'readings')
      expect(Buffer.compare(encodeReadings(decodeReadings(block.body)), block.body)).toBe(0);
    if (block.stream === 'uplinks') {
      const writer = new UplinkWriter();
      for (const uplink of readUplinks(block.body, 0, block.count)) writer.push(uplink);
      expect(Buffer.compare(writer.take(), block.body)).toBe(0);
    }
  });

  test('a record of a later format is refused by name', () => {
    const bytes = sample();
    bytes[2] = FORMAT + 1;
    expect(() => decodeBlock(bytes, 3)).toThrow(`block 3: format ${FORMAT + 1}, this version reads ${FORMAT}`);
  });

  test('every single flipped bit is noticed', () => {
    const bytes = sample();
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeBlock(copy, 1), `bit ${bit}`).toThrow(Corrupt);
    }
  });

  test('what is too short, or no block, is Corrupt and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2 * HEADER_BYTES }), (bytes) => {
        expect(() => decodeBlock(Buffer.from(bytes), 1)).toThrow(Corrupt);
      }),
    );
  });
});

test('a block comes back as it was written', () => {
  const anyBlock = fc.record({
    stream: fc.constantFrom(...STREAM_NAMES),
    at: fc.integer({ min: 0, max: 8.64e15 }),
    count: fc.nat({ max: 0xffffffff }),
    body: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(anyBlock, fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 48 - 1 }), (block, first, seq) => {
      const { body, ...head } = decodeBlock(encodeBlock(block, first), seq);
      expect({ ...head, body: Uint8Array.from(body) }).toEqual({ ...block, seq, first });
    }),
  );
});
