/** How many alerts stand, for Prometheus. */
import type { Alert } from '../../model/alert.ts';
import type { Metrics } from '../../ops/metrics.ts';

export function countStanding({ standingAlerts }: Metrics, standing: readonly Alert[]): void {
  standingAlerts.reset();
  for (const { severity, outcome, state } of standing) standingAlerts.inc({ severity, outcome, state });
}
