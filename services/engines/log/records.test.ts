import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Corrupt } from '../../model/block.ts';
import { CommitTimes } from './commit-times.ts';
import { numbersIn, seal, sealNumbers, TYPE, unseal } from './envelope.ts';
import { after, blockKey, blocksEnd, positionKey, stateKey, stateKeyName } from './keys.ts';

const CASES = join(import.meta.dirname, '../../../test/cases/log-records/format-1');

describe('semantics: Records evolve', () => {
  test.each(readdirSync(CASES).filter((file) => file.endsWith('.hex')))('%s is still read and written', (file) => {
    const bytes = Buffer.from(readFileSync(join(CASES, file), 'utf8').replace(/\s/g, ''), 'hex');
    const expected = JSON.parse(readFileSync(join(CASES, file.replace('.hex', '.json')), 'utf8'));
    const { type, value } = unseal(bytes);
    expect({ type, value: value.toString('hex') }).toEqual({ type: expected.type, value: expected.value });
    if (expected.numbers) expect(numbersIn(value)).toEqual(expected.numbers);
    expect(seal(expected.type, value).equals(bytes)).toBe(true);
  });

  test('every single flipped bit of a small record is noticed', () => {
    const bytes = sealNumbers(1, 2);
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => unseal(copy), `bit ${bit}`).toThrow(Corrupt);
    }
    expect(() => unseal(Buffer.alloc(3))).toThrow(Corrupt);
    expect(unseal(seal(TYPE.value, Buffer.alloc(0))).value).toHaveLength(0);
  });
});

test('keys sort as they are read: by stream, then by seq; a stage and its state apart from others', () => {
  const keys = [
    blockKey('uplinks', 1),
    blockKey('uplinks', 255),
    blockKey('uplinks', 256),
    blockKey('uplinks', 2 ** 40),
    blocksEnd('uplinks'),
    blockKey('readings', 1),
    positionKey('decode', 0, 'uplinks'),
    stateKey('rule', 0, 'z'),
    stateKey('rules', 0, 'a/1'),
    stateKey('rules', 0, 'a/ø'),
    after(stateKey('rules', 0, 'a/')),
    stateKey('rules', 0, 'b'),
    stateKey('rules', 1, 'a'),
  ];
  expect(keys.toSorted(Buffer.compare)).toEqual(keys);
  expect(stateKeyName(stateKey('rules', 513, 'a/ø'), 'rules')).toBe('a/ø');
});

test('the 99th percentile of commit times is of the last minute', () => {
  let now = 0;
  const times = new CommitTimes(() => now);
  expect(times.p99()).toBe(0);
  for (let i = 1; i <= 1000; i++) times.add(i <= 980 ? 1 : 500);
  expect(times.p99()).toBeGreaterThanOrEqual(500);
  expect(times.p99()).toBeLessThan(560);
  now = 59_000;
  for (let i = 0; i < 99_000; i++) times.add(1);
  expect(times.p99()).toBeCloseTo(1, 0);
  now = 119_500;
  expect(times.p99()).toBe(0);
});
