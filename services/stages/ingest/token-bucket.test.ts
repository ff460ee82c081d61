/** The rate of a device. */
import { describe, expect, test } from 'vitest';
import { DeviceRates, TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  test('gives its burst at once and its rate afterwards', () => {
    const bucket = new TokenBucket(20, 200, 0);
    let taken = 0;
    while (bucket.take(0)) taken++;
    expect(taken).toBe(200);
    expect(bucket.wait(0)).toBeCloseTo(50);
    expect(bucket.take(49)).toBe(false);
    expect(bucket.take(51)).toBe(true);
    for (let ms = 100; ms <= 10_000; ms++) if (bucket.take(ms)) taken++;
    expect(taken).toBeGreaterThanOrEqual(200 + 198);
    expect(taken).toBeLessThanOrEqual(200 + 200);
  });

  test('saves no more than its burst', () => {
    const bucket = new TokenBucket(20, 200, 0);
    bucket.take(0);
    let taken = 0;
    while (bucket.take(3_600_000)) taken++;
    expect(taken).toBeLessThanOrEqual(399); // those left, then one full burst
    expect(bucket.full(7_200_000)).toBe(true);
  });
});

describe('the rates of all devices', () => {
  test('one bucket a device, forgotten when full and unused', () => {
    let now = 0;
    const rates = new DeviceRates(20, () => now);
    const bucket = rates.of('d1');
    expect(rates.of('d1')).toBe(bucket);
    for (let i = 0; i < 100; i++) bucket?.take(now);
    rates.sweep(() => false);
    expect(rates.of('d1')).toBe(bucket);
    now = 60_000;
    rates.sweep(() => true);
    expect(rates.of('d1')).toBe(bucket);
    rates.sweep(() => false);
    expect(rates.of('d1')).not.toBe(bucket);
  });

  test('a slow rate still lets one message through', () => {
    expect(new DeviceRates(0.01, () => 0).of('d1')?.take(0)).toBe(true);
  });

  test('off is no bucket', () => {
    expect(new DeviceRates('off', () => 0).of('d1')).toBeUndefined();
  });
});
