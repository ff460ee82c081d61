/** The figure Grafana shows: what stands by severity, nothing of what has ended. */
import { expect, it } from 'vitest';
import type { Alert } from '../../model/alert.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { countStanding } from './count-standing.ts';

const alert = (severity: Alert['severity'], state: Alert['state']) => ({ severity, state, outcome: 'alarm' }) as Alert; // the rest is not looked at

it('counts by severity and state, and forgets what no longer stands', async () => {
  const metrics = createMetrics();
  const shown = async () => {
    const { values } = await metrics.standingAlerts.get();
    return values.map(({ labels, value }) => `${labels.severity} ${labels.state} ${value}`);
  };
  countStanding(metrics, [alert('high', 'open'), alert('high', 'open'), alert('low', 'acknowledged')]);
  expect(await shown()).toEqual(['high open 2', 'low acknowledged 1']);
  countStanding(metrics, [alert('high', 'open')]);
  expect(await shown()).toEqual(['high open 1']);
});
