import { afterEach, describe, expect, test } from 'vitest';
import type { Log, Position } from '../model/log.ts';
import { createLogger } from '../ops/logger.ts';
import { createMetrics } from '../ops/metrics.ts';
import { PlatformAlerts } from '../ops/platform-alerts.ts';
import { StageGauges } from './stage-gauges.ts';

const logger = createLogger('silent');
const metrics = createMetrics();
const ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };

let now = 1_000_000;
const end: Position = { seq: 8, offset: 100 };
const gauges = new StageGauges({
  log: { end: async () => end } as unknown as Log, // all that is asked of it
  name: 'store',
  ops,
  now: () => now,
  positions: new Map([['readings', { seq: 5, offset: 60 }]]),
});
afterEach(() => gauges.stop());

describe('semantics: The one figure of service', () => {
  test('freshness is the age of the newest handled record; a minute of it is a platform alert until it is made up', async () => {
    const value = async (gauge: { get(): Promise<{ values: { value: number }[] }> }) =>
      (await gauge.get()).values[0]?.value;
    gauges.handled({ readings: { seq: 6, offset: 70 } }, now);
    now += 59_000;
    await gauges.measure();
    expect([await value(metrics.stagePending), await value(metrics.stageFreshness)]).toEqual([30, 59]);
    expect(ops.alerts.list()).toEqual([]);
    now += 2_000;
    await gauges.measure();
    expect(ops.alerts.list().map((a) => a.name)).toEqual(['stage-behind:store']);
    gauges.handled({ readings: end }, now);
    await gauges.measure();
    expect([await value(metrics.stagePending), await value(metrics.stageFreshness)]).toEqual([0, 0]);
    expect(ops.alerts.list()).toEqual([]);
  });
});
